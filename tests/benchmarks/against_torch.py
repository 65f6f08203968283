"""Gradients beside PyTorch's autograd, row by row and on whole programs: `python -m tests.benchmarks.against_torch`.

PyTorch is no dependency: install it for the comparison only (`pip install torch`). Differences are in units in the last place of
float64; PyTorch's rules are not the truth, so each difference of more than a few is printed with both values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch

import gradcli
from gradcli.operations import OPS, Op

F = torch.nn.functional
NAMES: dict[str, Callable[..., Any]] = {
    "add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow, "mod": torch.remainder, "clip": torch.clamp,
    "softplus": lambda x: F.softplus(x, threshold=800), "silu": F.silu, "gelu": F.gelu,
    "elu": lambda x, a: F.elu(x, 1.0) if a == 1 else None,
    "leaky_relu": lambda x, s: F.leaky_relu(x, s.item()), "logsigmoid": F.logsigmoid, "normcdf": torch.special.ndtr,
    "digamma": torch.digamma, "lgamma": torch.lgamma, "cbrt": lambda x: None, "gamma": lambda x: None, "normpdf": lambda x: None,
    "where": lambda c, a, b: torch.where(c != 0, a, b), "heaviside": lambda x, h: None, "sinc": torch.sinc, "erfinv": torch.erfinv,
}  # fmt: skip
"""PyTorch's functions where the names differ; those that answer None have no counterpart."""

PROGRAMS = (
    ("(x+w)*(w+1)", {"w": 1.0, "x": 2.0}),
    ("exp(-x**2)*sin(3*x)/(1 + y**2)", {"x": 0.7, "y": -1.3}),
    ("log(1 + exp(-y*(a*x + b)))", {"y": 1.0, "a": 0.3, "x": 2.0, "b": -0.1}),
    ("100*(y - x**2)**2 + (1 - x)**2", {"x": -1.2, "y": 1.0}),
    ("tanh(w*x + b)**2 + sigmoid(x)*atan2(w, b)", {"w": 0.5, "x": 1.3, "b": -0.2}),
)


def ulps(a: float, b: float) -> float:
    """How many units in the last place two numbers are apart."""
    if a == b or (a != a and b != b):
        return 0.0
    return abs(a - b) / math.ulp(max(abs(a), abs(b))) if math.isfinite(a) and math.isfinite(b) else math.inf


def theirs(op: Op, arguments: tuple[float, ...]) -> list[float | None] | None:
    """PyTorch's gradient of a row at a sample, None for an argument that it does not differentiate by; None for no such function."""
    function = NAMES.get(op.name) or getattr(torch, op.name, None) or getattr(torch.special, op.name, None)
    if function is None:
        return None
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in arguments]
    value = function(*tensors)
    if value is None or not value.is_floating_point() or not value.requires_grad:
        return None
    value.backward()
    return [None if tensor.grad is None else float(tensor.grad) for tensor in tensors]


def call(op: Op) -> str:
    """The program that calls a row with inputs that bear its arguments' names."""
    return f"{op.name}({', '.join(op.params)})"


def exact(text: str, at: dict[str, float], name: str) -> str:
    """The derivative to 20 digits, from SymPy's derivative of each operation in mpmath."""
    (row,) = gradcli.check(text, at, wrt=[name]).checks[0].rows
    return row.engines["symbolic"].digits[:22]


def cases() -> Iterator[tuple[str, dict[str, float], list[float | None]]]:
    """(program, point, PyTorch's gradient) of every row that PyTorch has too, at all of its samples, and of whole programs."""
    for op in OPS.values():
        for arguments in op.samples:
            if not op.internal and not op.boolean and (there := theirs(op, arguments)) is not None:
                yield call(op), dict(zip(op.params, arguments, strict=True)), there
    for text, at in PROGRAMS:
        tensors = {name: torch.tensor(x, dtype=torch.float64, requires_grad=True) for name, x in at.items()}
        eval(text, {name: getattr(torch, name) for name in ("exp", "sin", "log", "tanh", "sigmoid", "atan2")}, tensors).backward()
        yield text, at, [float(tensor.grad) for tensor in tensors.values() if tensor.grad is not None]


def main() -> None:
    """Prints how many derivatives agree to how many ulp, and those that do not, with the exact one."""
    compared = []
    for text, at, there in cases():
        here = gradcli.grad(text, at).gradient
        compared += [(text, at, name, here[name], other) for name, other in zip(at, there, strict=True) if other is not None]
    for limit in (0, 1, 4, 64):
        print(f"{sum(ulps(here, there) <= limit for *_, here, there in compared):4d} of {len(compared)} derivatives agree to {limit} ulp")
    for text, at, name, here, there in compared:
        if ulps(here, there) > 64:
            print(f"  {text} at {at}, by {name}: here {here!r}, PyTorch {there!r}, exact {exact(text, at, name)}")


if __name__ == "__main__":
    main()
