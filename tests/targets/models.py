"""Models behind the server of the umbridge package, right ones and wrong ones: `python -m tests.targets.models PORT`."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
import umbridge  # type: ignore[import-untyped]

Matrix = Any
SIZES = {"x": [2, 1, 3], "y": [2, 1]}


def values(x: Matrix) -> Matrix:
    """Three numbers of six."""
    a, b, c, d, e, f = x
    return np.array([a * c + math.sin(d), b**2 * e, math.exp(c) * f + a * b])


def jacobian(x: Matrix) -> Matrix:
    """Their derivatives."""
    a, b, c, d, e, f = x
    return np.array([[c, 0, a, math.cos(d), 0, 0], [0, 2 * b * e, 0, 0, b**2, 0], [b, a, math.exp(c) * f, 0, 0, math.exp(c)]])


def hessian(x: Matrix) -> Matrix:
    """Their second derivatives."""
    _, b, c, d, e, f = x
    found = np.zeros((3, 6, 6))
    found[0, 0, 2] = found[0, 2, 0] = 1
    found[0, 3, 3] = -math.sin(d)
    found[1, 1, 1] = 2 * e
    found[1, 1, 4] = found[1, 4, 1] = 2 * b
    found[2, 0, 1] = found[2, 1, 0] = 1
    found[2, 2, 2] = math.exp(c) * f
    found[2, 2, 5] = found[2, 5, 2] = math.exp(c)
    return found


def part(sizes: list[int], i: int) -> slice:
    """The place of a vector among all numbers."""
    return slice(sum(sizes[:i]), sum(sizes[: i + 1]))


class Several(umbridge.Model):  # type: ignore[misc]
    """Three inputs and two outputs; `faulty` is the derivative that is wrong, `scale` of its configuration multiplies all values."""

    def __init__(self, name: str, faulty: str = "", second: bool = True) -> None:
        super().__init__(name)
        self.faulty = faulty
        self.second = second

    def get_input_sizes(self, config: Any) -> list[int]:
        return SIZES["x"]

    def get_output_sizes(self, config: Any) -> list[int]:
        return SIZES["y"]

    def __call__(self, parameters: Any, config: Any) -> Any:
        found = config.get("scale", 1) * values(np.concatenate(parameters))
        return [found[part(SIZES["y"], o)].tolist() for o in range(2)]

    def gradient(self, out_wrt: int, in_wrt: int, parameters: Any, sens: Any, config: Any) -> Any:
        block = self.block("gradient", out_wrt, in_wrt, parameters, config)
        return (np.array(sens) @ block).tolist()

    def apply_jacobian(self, out_wrt: int, in_wrt: int, parameters: Any, vec: Any, config: Any) -> Any:
        return (self.block("jacobian", out_wrt, in_wrt, parameters, config) @ np.array(vec)).tolist()

    def apply_hessian(self, out_wrt: int, in_wrt1: int, in_wrt2: int, parameters: Any, sens: Any, vec: Any, config: Any) -> Any:
        whole = hessian(np.concatenate(parameters)) * config.get("scale", 1)
        if self.faulty == "hessian":
            whole[2, 2, 2] *= 1.001
        block = whole[part(SIZES["y"], out_wrt), part(SIZES["x"], in_wrt1), part(SIZES["x"], in_wrt2)]
        return np.einsum("oij,o,j", block, sens, vec).tolist()

    def block(self, which: str, o: int, i: int, parameters: Any, config: Any) -> Matrix:
        """A block of the Jacobian, wrong in one element where this derivative is the faulty one."""
        whole = jacobian(np.concatenate(parameters)) * config.get("scale", 1)
        if self.faulty == which:
            whole[2, 1] *= -1
        return whole[part(SIZES["y"], o), part(SIZES["x"], i)]

    def supports_evaluate(self) -> bool:
        return True

    def supports_gradient(self) -> bool:
        return True

    def supports_apply_jacobian(self) -> bool:
        return True

    def supports_apply_hessian(self) -> bool:
        return self.second


class Logarithm(umbridge.Model):  # type: ignore[misc]
    """One number of two: the logarithm of their product; it raises where there is none, and is nan at zero."""

    def get_input_sizes(self, config: Any) -> list[int]:
        return [2]

    def get_output_sizes(self, config: Any) -> list[int]:
        return [1]

    def __call__(self, parameters: Any, config: Any) -> Any:
        product = parameters[0][0] * parameters[0][1]
        return [[math.nan if product == 0 else math.log(product)]]

    def gradient(self, out_wrt: int, in_wrt: int, parameters: Any, sens: Any, config: Any) -> Any:
        return [sens[0] / x for x in parameters[0]]

    def supports_evaluate(self) -> bool:
        return True

    def supports_gradient(self) -> bool:
        return True


class Values(Logarithm):
    """The same without a derivative."""

    def supports_gradient(self) -> bool:
        return False


class Short(Logarithm):
    """A model whose gradient has a number too few."""

    def gradient(self, out_wrt: int, in_wrt: int, parameters: Any, sens: Any, config: Any) -> Any:
        return [sens[0]]


class Unusable(Logarithm):
    """A model that can't be evaluated."""

    def supports_evaluate(self) -> bool:
        return False


MODELS = [
    Several("forward"), Several("bad-hessian", "hessian"),
    Several("first", second=False), Several("bad-gradient", "gradient", second=False), Several("bad-jacobian", "jacobian", second=False),
    Logarithm("logarithm"), Values("values"), Short("short"), Unusable("unusable"),
]  # fmt: skip

if __name__ == "__main__":
    umbridge.serve_models(MODELS, int(sys.argv[1]))
