"""Targets for tests: functions and derivatives given as Python functions, without anything that loads or converts them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcli import Target
from gradcli.targets.target import complete


class Given(Target):
    """A target whose outputs and derivatives are callables; what is None is not offered. `calls` counts values."""

    kind = "python"
    name = "f"

    def __init__(
        self,
        f: Callable[..., Any],
        gradient: Callable[..., Any] | None = None,
        *,
        vjp: Callable[..., Any] | None = None,
        jvp: Callable[..., Any] | None = None,
        hvp: Callable[..., Any] | None = None,
        inputs: tuple[str, ...] = (),
    ) -> None:
        self.f, self.inputs, self.notes, self.calls = f, inputs, [], 0
        self.offers = {"jacobian": gradient, "vjp": vjp, "jvp": jvp, "hvp": hvp}
        self.derivatives = frozenset(name for name, offered in self.offers.items() if offered)  # type: ignore[misc]

    def prepared(self, at: Mapping[str, Any]) -> dict[str, Any]:
        return complete(self, at)

    def evaluate(self, at: Mapping[str, Any]) -> Mapping[str, Any]:
        self.calls += 1
        value = self.f(**at)
        return value if isinstance(value, dict) else {"f": value if getattr(value, "shape", ()) else float(value)}

    def jacobian(self, at: Mapping[str, Any]) -> Mapping[tuple[str, str], Any]:
        return {("f", name): block for name, block in self.offers["jacobian"](**at).items()}  # type: ignore[misc]

    def vjp(self, at: Mapping[str, Any], weights: Any) -> Any:
        return self.offers["vjp"](at, weights)  # type: ignore[misc]

    def jvp(self, at: Mapping[str, Any], tangents: Any) -> Any:
        return self.offers["jvp"](at, tangents)  # type: ignore[misc]

    def hvp(self, at: Mapping[str, Any], weights: Any, tangents: Any) -> Any:
        return self.offers["hvp"](at, weights, tangents)  # type: ignore[misc]
