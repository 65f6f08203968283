"""The conventions at the edges: what gradcli answers where mathematics leaves a choice, and what others answer there, where known.

A published table: a test runs every row. It knows no rule of any operation; the rules are in the rows of the table of operations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

NAN, INF = math.nan, math.inf


@dataclass(frozen=True, slots=True)
class Convention:
    """One edge.

    program, at, wrt               where it is met, and the input that is differentiated by
    gradient                       gradcli's answer, of the derivative of that `order`
    independent                    whether gradcli says that the output does not depend on the input
    pytorch, jax, autograd, sympy  what they answer; None where that is not known
    """

    name: str
    program: str
    at: dict[str, float] = field(default_factory=lambda: {"x": 0.0})
    wrt: str = "x"
    gradient: float = 0.0
    order: int = 1
    independent: bool = False
    pytorch: float | None = None
    jax: float | None = None
    autograd: float | None = None
    sympy: float | None = None


CONVENTIONS = (
    Convention("abs at 0", "abs(x)", pytorch=0, jax=1, autograd=0, sympy=0),
    Convention("relu at 0", "relu(x)", pytorch=0),
    Convention("leaky_relu at 0: the slope", "leaky_relu(x)", gradient=0.01, pytorch=0.01, jax=1),
    Convention("elu at 0", "elu(x, 0.5)", gradient=0.5),
    Convention("maximum at a tie: shared equally", "maximum(x, y)", {"x": 2.0, "y": 2.0}, gradient=0.5, pytorch=0.5),
    Convention("maximum at a tie: shared equally", "maximum(x, y)", {"x": 2.0, "y": 2.0}, "y", 0.5, pytorch=0.5),
    Convention("minimum at a tie: shared equally", "minimum(x, y)", {"x": 2.0, "y": 2.0}, gradient=0.5, pytorch=0.5),
    Convention("maximum of a number and itself", "maximum(x, x)", {"x": 2.0}, gradient=1.0),
    Convention("clip at its lower bound: the gradient passes", "clip(x, 0, 1)", gradient=1.0, pytorch=1, jax=0.5, autograd=0),
    Convention("clip at its upper bound: the gradient passes", "clip(x, 0, 1)", {"x": 1.0}, gradient=1.0, pytorch=1, jax=0.5, autograd=0),
    Convention("clip outside its bounds", "clip(x, 0, 1)", {"x": 2.0}, independent=True, pytorch=0),
    Convention("clip between bounds in the wrong order: the upper one", "clip(1, 2, x)", gradient=1.0),
    Convention("2-norm at 0", "hypot(x, y)", {"x": 0.0, "y": 0.0}, pytorch=0, jax=NAN, autograd=NAN, sympy=NAN),
    Convention("2-norm at 0, second derivative", "hypot(x, y)", {"x": 0.0, "y": 0.0}, order=2),
    Convention("sqrt at 0", "sqrt(x)", gradient=INF, pytorch=INF),
    Convention("cbrt at 0", "cbrt(x)", gradient=INF),
    Convention("x**0 at 0", "x**0", pytorch=0),
    Convention("x**1 at 0", "x**1", gradient=1.0),
    Convention("x**2 at 0, second derivative", "x**2", gradient=2.0, order=2),
    Convention("0**x", "0**x", {"x": 2.0}),
    Convention("0**x at 0", "0**x", gradient=-INF),
    Convention("a power of a negative number, by its exponent", "(-2)**x", {"x": 2.0}, gradient=NAN),
    Convention("where: the other branch passes nothing", "where(x > 0, sqrt(x), 0)", {"x": -1.0}, independent=True, pytorch=NAN, jax=NAN),
    Convention("where: no infinite slope passes either", "where(x > 0, sqrt(x), x)", gradient=1.0, pytorch=NAN, jax=NAN),
    Convention("if: nothing of the branch not taken is computed", "sqrt(x) if x > 0 else 0", {"x": -1.0}, independent=True),
    Convention("a zero adjoint alone absorbs nothing: 0*inf", "sqrt(x)**2", gradient=NAN, pytorch=NAN),
    Convention("an undefined value has no derivative", "log(x)", {"x": -1.0}, gradient=NAN, pytorch=-1, jax=-1, autograd=-1),
    Convention("sign", "sign(x)", {"x": 3.0}, independent=True, pytorch=0),
    Convention("sign at 0", "sign(x)"),
    Convention("heaviside", "heaviside(x, 0.5)", {"x": 3.0}, independent=True),
    Convention("heaviside at 0", "heaviside(x, 0.5)"),
    Convention("heaviside at 0, by the value there", "heaviside(0, x)", gradient=1.0),
    Convention("floor", "floor(x)", {"x": 1.5}, independent=True, pytorch=0),
    Convention("floor at a whole number", "floor(x)", {"x": 2.0}),
    Convention("ceil at a whole number", "ceil(x)", {"x": 2.0}),
    Convention("round at a half", "round(x)", {"x": 2.5}),
    Convention("trunc at a whole number", "trunc(x)", {"x": -2.0}),
    Convention("trunc at 0, where it does not jump", "trunc(x)", independent=True),
    Convention("mod at a multiple", "x % 3", {"x": 6.0}, gradient=1.0, pytorch=1),
    Convention("mod at a multiple, by the modulus", "6 % x", {"x": 3.0}, gradient=-2.0),
    Convention("xlogy of zeros, by the second", "xlogy(0, x)"),
    Convention("the second derivative of a linear function", "3*x + 1", order=2),
    Convention("an input that the output does not depend on", "x*0 + y", {"x": 1.0, "y": 2.0}),
    Convention("an input that is only compared", "y if x > 0 else -y", {"x": 1.0, "y": 2.0}, independent=True),
    Convention("a detached input", "detach(x)", {"x": 1.0}, independent=True),
    Convention("a detached factor", "detach(x)*x", {"x": 3.0}, gradient=3.0),
    Convention("norm of an array at 0", "norm([x, y])", {"x": 0.0, "y": 0.0}, pytorch=0, jax=NAN, autograd=NAN, sympy=NAN),
    Convention("norm of an array at 0, second derivative", "norm([x, y])", {"x": 0.0, "y": 0.0}, order=2),
    Convention("standard deviation of equal numbers", "std([x, y])", {"x": 2.0, "y": 2.0}),
    Convention("largest of an array at a tie: shared equally", "max([x, y, 1])", {"x": 2.0, "y": 2.0}, gradient=0.5, pytorch=0.5),
    Convention("smallest of an array at a tie of three", "min([x, y, 2])", {"x": 2.0, "y": 2.0}, gradient=1 / 3),
    Convention("sort keeps the order of equal numbers", "sort([x, y])[0]", {"x": 2.0, "y": 2.0}, gradient=1.0),
    Convention("sort keeps the order of equal numbers", "sort([x, y])[0]", {"x": 2.0, "y": 2.0}, "y"),
    Convention("topk takes the first of equal numbers", "topk([x, y], 1)[0]", {"x": 2.0, "y": 2.0}, gradient=1.0),
    Convention("a product with one zero, by it", "prod([x, 2, 3])", gradient=6.0, pytorch=6),
    Convention("a product with two zeros", "prod([x, 0, 3])"),
    Convention("where of arrays: no infinite slope passes", "sum(where([x > 0, 1 > 0], sqrt([x, 4]), 0))"),
    Convention("an element that is not looked at has no share", "sqrt([x, 4])[1]"),
    Convention("the determinant of a singular matrix", "det([[x, 2], [2, 4]])", {"x": 1.0}, gradient=4.0),
    Convention("the inverse of a singular matrix", "sum(inv([[x, 2], [2, 4]]))", {"x": 1.0}, gradient=NAN),
)  # fmt: skip
