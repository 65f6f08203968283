"""PyTorch: tensors of float64, and the gradient by the graph that an answer carries. Imports nothing: the user's module has."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from gradcli.operations.lazily import np
from gradcli.targets.python.answers import parts_of_any
from gradcli.targets.python.frameworks.framework import Call, Framework, NoGraph, Pull
from gradcli.targets.python.parameters import Parameters, parameters_of, without_first


class PyTorch(Framework):
    """Functions of tensors, modules, and functions with a backward of their own."""

    name = "torch"
    title = "PyTorch's autograd"
    steps = False

    def number(self, value: float) -> Any:
        return self.array(np.array(value))

    def array(self, value: Any) -> Any:
        return sys.modules["torch"].from_numpy(value)

    def parameters(self, function: Callable[..., Any]) -> Parameters:
        owner = getattr(function, "__self__", None)
        if isinstance(owner, type) and hasattr(owner, "forward"):
            found = parameters_of(owner.forward)
            return without_first(found) if found.names[:1] == ("ctx",) else found
        return parameters_of(getattr(function, "forward", function))

    def callable(self, thing: Any) -> Any:
        return getattr(thing, "apply", None) if isinstance(thing, type) else thing

    def cure(self, fault: BaseException) -> str | None:
        narrow = isinstance(fault, RuntimeError) and ("dtype" in str(fault) or "Double" in str(fault))
        return "its weights have less than float64: model.double(), or torch.set_default_dtype(torch.float64) above it" if narrow else None

    def pullback(self, function: Any, call: Call, at: Mapping[str, Any]) -> tuple[Any, Pull]:
        torch = sys.modules["torch"]
        tensors = {name: value.requires_grad_() for name, value in at.items() if hasattr(value, "requires_grad_")}
        answer = call({**at, **tensors})
        parts = {name: torch.stack(part) if isinstance(part, list) else part for name, part in parts_of_any(answer).items()}
        live = {name: part for name, part in parts.items() if getattr(part, "requires_grad", False)}
        if not live:
            raise NoGraph

        def pull(weights: Mapping[str, Any]) -> dict[str, Any]:
            outer = [torch.as_tensor(np.array(weights[name]), dtype=part.dtype).reshape(part.shape) for name, part in live.items()]
            inner = torch.autograd.grad(list(live.values()), list(tensors.values()), outer, retain_graph=True, allow_unused=True)
            return dict(zip(tensors, inner, strict=True))

        return answer, pull
