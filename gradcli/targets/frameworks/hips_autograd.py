"""autograd: functions over its own copy of NumPy, and the gradient by its reverse mode. Imports nothing: the user's module has."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from gradcli.targets.answers import parts_of_any, with_parts
from gradcli.targets.frameworks.framework import Call, Framework, Pull


class Autograd(Framework):
    """Functions of NumPy's arrays by the name of autograd.numpy."""

    name = "autograd"
    title = "autograd's reverse mode"

    def pullback(self, function: Any, call: Call, at: Mapping[str, Any]) -> tuple[Any, Pull]:
        moved = {name: value for name, value in at.items() if not isinstance(value, int)}
        whole = {name: value for name, value in at.items() if name not in moved}
        back, answer = import_module("autograd.core").make_vjp(lambda boxes: call({**whole, **{k: boxes[k] for k in moved}}), moved)

        def pull(weights: Mapping[str, Any]) -> Any:
            return back(with_parts(answer, {name: weights[name] for name in parts_of_any(answer)}))

        return answer, pull
