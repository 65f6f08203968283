"""autograd: functions over its own copy of NumPy, and the gradient by its reverse mode. Imports nothing: the user's module has."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from gradcli.targets.python.answers import parts_of_any
from gradcli.targets.python.frameworks.framework import Call, Framework, Pull


class Autograd(Framework):
    """Functions of NumPy's arrays by the name of autograd.numpy."""

    name = "autograd"
    title = "autograd's reverse mode"

    def pullback(self, function: Any, call: Call, at: Mapping[str, Any]) -> tuple[Any, Pull]:
        moved = {name: value for name, value in at.items() if not isinstance(value, int)}
        core, builtins, numpy = (import_module(f"autograd.{name}") for name in ("core", "builtins", "numpy"))
        forms = []

        def traced(boxes: Mapping[str, Any]) -> Any:
            """The outputs as a tuple that autograd can follow, which it can't through Python's own containers."""
            forms.append(call({name: boxes[name] if name in moved else value for name, value in at.items()}))
            parts = parts_of_any(forms[-1]).values()
            return builtins.tuple([numpy.array(part) if isinstance(part, list) else part for part in parts])

        back, answers = core.make_vjp(traced, moved)
        names = list(parts_of_any(forms[-1]))

        def pull(weights: Mapping[str, Any]) -> Any:
            return back(tuple(weights[name] for name in names))

        return dict(zip(names, answers, strict=True)), pull
