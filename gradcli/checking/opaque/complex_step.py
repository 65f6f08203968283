"""The complex step: slopes from the imaginary part of a function's values, where it takes complex numbers and is holomorphic.

Nothing says that a function of complex numbers has the same derivative as its real one: abs, conj, comparisons break it silently. So it
never stands alone: it counts where it lies within the bound of the differences, and only makes that smaller.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.checking.opaque.looking import Slopes
from gradcli.checking.opaque.noise import FLOOR, U, scatter
from gradcli.checking.subject import Bracket
from gradcli.operations.lazily import np, silently

NEAR, FAR = -66, -300
"""Exponents of the two imaginary steps, in units of the point's size, or of 1 at 0 and where that is smaller."""

ROUNDING = 2 * FLOOR
"""Units of rounding that the slope is thought to have in any case."""

SCATTERED = 2
"""How much larger the bound is than the largest difference that was seen."""

LOST = 4
"""How much larger than the least noise that of the values is where terms cancel."""

GAIN = 2.0**-10
"""What the bound is at least, in bounds of the differences: a part that is not holomorphic and smaller than those can't be seen."""


def complex_slopes(phi: Callable[[complex], Any | None], x: float, here: Any, found: Sequence[Slopes]) -> list[Bracket | None]:
    """The slope of each output by the complex step, None where it does not count.

    `phi(t)` gives the outputs with the input moved by a complex t, or None if the function takes no complex numbers; `here` are the
    real outputs at the point, and `found` is what their differences say.
    """
    nothing: list[Bracket | None] = [None] * len(found)
    if not any(one.smooth for one in found):
        return nothing
    unit = 2.0 ** (math.frexp(x)[1] - 1 if 0 < abs(x) < 1 else 0)
    ulp = float(np.spacing(abs(x))) if x else 0.0
    near, far = unit * 2.0**NEAR, max(unit * 2.0**FAR, 2.0**-1000)
    first, finest = stepped(phi, complex(0, near)), stepped(phi, complex(0, far))
    if first is None or finest is None:
        return nothing
    slopes = first.imag / near

    def moved(k: int) -> Any:
        """The slopes with the point moved by k units in the last place; nan where there are none, nothing asked for where all are zero."""
        value = stepped(phi, complex(k * ulp, near)) if k and ulp and slopes.any() else first
        return slopes * math.nan if value is None else value.imag / near

    with silently():
        off = np.maximum(scatter(moved), np.abs(finest.imag / far - slopes))
        # rounding that is the same at all neighbours, as of x + y with a large x, shows in the noise of the values alone
        noise, size = np.array([one.noise for one in found]), np.abs(np.asarray(here, dtype=np.float64).ravel())
        unmoved = np.where(noise > LOST * FLOOR * U * size, noise, 0) / (abs(x) or math.inf)
        real = first.real - np.asarray(here, dtype=np.float64).ravel()
    return [counting(float(slopes[o]), float(off[o] + unmoved[o]), float(real[o]), one) for o, one in enumerate(found)]


def stepped(phi: Callable[[complex], Any | None], move: complex) -> Any | None:
    """The outputs at a complex displacement as a vector."""
    value = phi(move)
    return None if value is None else np.asarray(value, dtype=np.complex128).ravel()


def counting(value: float, scattered: float, real: float, differences: Slopes) -> Bracket | None:
    """The slope by the complex step, if it lies within the bound of the differences."""
    central = differences.central
    known = math.isfinite(value) and math.isfinite(scattered)
    if central.value is None or not differences.smooth or not known or not abs(real) <= 2 * differences.noise:
        return None
    error = SCATTERED * scattered + ROUNDING * U * abs(value) + GAIN * central.error
    inside = abs(value - central.value) <= central.error
    return Bracket(value, error) if inside and error < central.error else None
