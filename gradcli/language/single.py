"""Runs in single precision, as float64 shows them: inputs, constants and the value of every operation are rounded to float32.

An operation is computed in float64 and rounded once, so that it is as exact as single precision can be: for + - * / and sqrt the
result is that of float32, for sums and products of arrays it is better than what most libraries compute.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.errors import UsageError, nearest
from gradcli.language.interpreter import Recording, Seed, Trace, run
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.program import Program
from gradcli.operations import Op
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np

DTYPES = ("float64", "float32")


def run_in(dtype: str, program: Program, at: Mapping[str, Any], *, seed: Seed = 0, limits: Limits = LIMITS) -> Trace:
    """A run in a precision of DTYPES. Raises UsageError for another word."""
    if dtype not in DTYPES:
        raise UsageError(f"there is no dtype '{dtype}'", hint=f"--dtype {nearest(dtype, DTYPES) or '|'.join(DTYPES)}")
    return run(program, at, seed=seed, limits=limits) if dtype == "float64" else Single(program, at, seed, limits).record()


def single(value: Any) -> Any:
    """A number or an array rounded to single precision, as float64; anything else as it is."""
    if not (type(value) is float or (is_array(value) and value.dtype.kind == "f")):
        return value
    with np.errstate(over="ignore", under="ignore"):
        found = np.asarray(value).astype(np.float32).astype(float)
    return found if found.ndim else float(found)


class Single(Recording):
    """A run that rounds everything that it computes with."""

    def __init__(self, program: Program, at: Mapping[str, Any], seed: Seed = 0, limits: Limits = LIMITS) -> None:
        super().__init__(program, {name: single(value) for name, value in at.items()}, seed, limits)
        self.constants = list(map(single, self.constants))
        self.registers[len(program) :] = self.constants[::-1]

    def compute(self, at: int, op: Op, values: list[Any]) -> Any:
        """The rounded value of an operation."""
        return single(super().compute(at, op, values))

    run_scalars = Recording.run_all
