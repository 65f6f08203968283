"""JAX: its arrays, and the gradient by its reverse mode, custom rules included. Imports nothing: the user's module has."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from gradcli.targets.python.answers import parts_of_any, with_parts
from gradcli.targets.python.frameworks.framework import Call, Framework, Pull


class Jax(Framework):
    """Functions of JAX's arrays."""

    name = "jax"
    title = "JAX's reverse mode"
    steps = False

    def number(self, value: float) -> Any:
        return self.array(value)

    def array(self, value: Any) -> Any:
        return sys.modules["jax"].numpy.asarray(value)

    def note(self) -> str:
        if sys.modules["jax"].config.jax_enable_x64:
            return ""
        return 'JAX computes in float32 here: jax.config.update("jax_enable_x64", True) or JAX_ENABLE_X64=1 gives a sharper check'

    def pullback(self, function: Any, call: Call, at: Mapping[str, Any]) -> tuple[Any, Pull]:
        jax = sys.modules["jax"]
        arrays = {name: value for name, value in at.items() if hasattr(value, "dtype")}
        whole = {name: value for name, value in at.items() if name not in arrays}
        answer, back = jax.vjp(lambda moved: call({name: moved.get(name, whole.get(name)) for name in at}), arrays)

        def pull(weights: Mapping[str, Any]) -> Any:
            parts = parts_of_any(answer)
            outer = {name: jax.numpy.asarray(weights[name], jax.numpy.result_type(part)) for name, part in parts.items()}
            return back(with_parts(answer, outer))[0]

        return answer, pull
