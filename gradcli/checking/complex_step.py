"""The complex step: slopes from the imaginary part of a function's values, where it takes complex numbers and is holomorphic.

Nothing says that a function of complex numbers has the same derivative as its real one: abs, conj, comparisons break it silently. So it
never stands alone: it counts where it lies within the bound of the differences, and only makes that smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.checking.noise import FLOOR, U
from gradcli.checking.opaque import Slopes
from gradcli.checking.subject import Bracket
from gradcli.operations.lazily import np, silently

NEAR, FAR = -66, -300
"""Exponents of the two imaginary steps, in units of the point's size, or of 1 at 0 and where that is smaller."""

NEIGHBOURS = (-2, -1, 1, 2)
"""Units in the last place by which the point is moved to see the scatter of the imaginary parts."""

ROUNDING = 2 * FLOOR
"""Units of rounding that the slope is thought to have in any case."""

SCATTERED = 2
"""How much larger the bound is than the largest difference that was seen."""

GAIN = 2.0**-10
"""What the bound is at least, in bounds of the differences: a part that is not holomorphic and smaller than those can't be seen."""


def complex_slopes(phi: Callable[[complex], Any | None], x: float, here: Any, found: Sequence[Slopes]) -> list[Bracket | None]:
    """The slope of each output by the complex step, None where it does not count.

    `phi(t)` gives the outputs with the input moved by a complex t, or None if the function takes no complex numbers; `here` are the
    real outputs at the point, and `found` is what their differences say.
    """
    nothing: list[Bracket | None] = [None] * len(found)
    unit = 2.0 ** (math.frexp(x)[1] - 1 if 0 < abs(x) < 1 else 0)
    ulp = float(np.spacing(abs(x))) if x else 0.0
    near, far = unit * 2.0**NEAR, max(unit * 2.0**FAR, 2.0**-1000)
    moves = [complex(0, near), complex(0, far), *(complex(k * ulp, near) for k in NEIGHBOURS if ulp)]
    values = []
    for move in moves:
        value = phi(move)
        if value is None:
            return nothing
        values.append(np.asarray(value, dtype=np.complex128).ravel())
    with silently():
        imaginary = np.array([value.imag / move.imag for value, move in zip(values, moves, strict=True)])
        real = values[0].real - np.asarray(here, dtype=np.float64).ravel()
    return [counting(imaginary[:, o], float(real[o]), one) for o, one in enumerate(found)]


def counting(imaginary: Any, real: float, differences: Slopes) -> Bracket | None:
    """The slope by the complex step, if it lies within the bound of the differences."""
    central = differences.central
    if central.value is None or not differences.smooth or not np.all(np.isfinite(imaginary)) or not abs(real) <= 2 * differences.noise:
        return None
    value = float(imaginary[0])
    scatter = float(np.max(np.abs(imaginary - value)))
    error = SCATTERED * scatter + ROUNDING * U * abs(value) + GAIN * central.error
    inside = abs(value - central.value) <= central.error
    return Bracket(value, error) if inside and error < central.error else None
