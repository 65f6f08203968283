"""Slopes of functions that only answer values: bounds that hold, or a refusal that says why."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradcli.checking.opaque.complex_step import complex_slopes
from gradcli.checking.opaque.looking import slopes
from gradcli.checking.opaque.noise import repeatable, scatter


def along(f: Callable[[Any], Any], x: float) -> Callable[[Any], Any]:
    """A function of a displacement, as callers make it."""

    def phi(t: Any) -> Any:
        try:
            return np.array([f(x + t)]).ravel()
        except (ValueError, ZeroDivisionError, OverflowError):
            return np.array([math.nan])

    return phi


def by_units(f: Callable[[float], float], x: float) -> Callable[[int], Any]:
    """A gradient of a displacement in units in the last place."""
    return lambda k: np.array([f(x + k * float(np.spacing(abs(x))))])


def test_all_outputs_share_the_evaluations() -> None:
    moved: list[float] = []

    def phi(t: float) -> Any:
        moved.append(t)
        return np.sin((1 + t) * np.arange(1.0, 6.0))

    found = slopes(phi, 1.0, 5)
    assert len(moved) == len(set(moved)) <= 100
    for k, one in enumerate(found, 1):
        assert abs(one.central.value - k * math.cos(k)) <= one.central.error <= 1e-10


def test_a_square_that_rounds_to_even_steps_beside_one_does_not_pass_for_another_slope() -> None:
    x = 0.999999
    (found,) = slopes(along(lambda x: math.sqrt(1 - x**2), x), x, 1)
    assert abs(found.central.value - -x / math.sqrt((1 - x) * (1 + x))) <= found.central.error <= 1e-3


def test_the_complex_step_tightens_what_differences_say() -> None:
    (one,) = found = slopes(along(math.exp, 0.3), 0.3, 1)
    (step,) = complex_slopes(along(cmath.exp, 0.3), 0.3, [math.exp(0.3)], found)
    assert step is not None
    assert abs(step.value - math.exp(0.3)) <= step.error < one.central.error / 50


@pytest.mark.parametrize("f", [abs, lambda z: (z * z.conjugate()).real, lambda z: z.real**2, lambda z: 2 + 0j])
def test_the_complex_step_does_not_count_where_a_function_is_not_holomorphic(f: Callable[[Any], Any]) -> None:
    real = along(lambda x: float(np.real(f(complex(x)))), 0.3)
    assert complex_slopes(along(f, 0.3), 0.3, real(0.0), slopes(along(lambda x: x**2 if f(2j) else x, 0.3), 0.3, 1)) == [None]


@pytest.mark.parametrize(
    ("f", "x", "slope"),
    [
        (lambda z: z - cmath.sin(z), 1e-2, 4.999958333472222e-05),
        (lambda z: cmath.cosh(z) - cmath.sinh(z), 12.0, -6.14421235332821e-06),
        (lambda z: cmath.exp(1e3 * (cmath.cos(z) - 1)), 0.05, -14.323000890923042),
        (lambda z: (z + 1e-3) ** 2 - (z - 1e-3) ** 2, 1e4, 0.004),
    ],
)
def test_rounding_that_is_alike_at_the_nearest_points_widens_the_complex_step(f: Callable[[Any], Any], x: float, slope: float) -> None:
    found = slopes(along(lambda t: f(t).real, x), x, 1)
    (step,) = complex_slopes(along(f, x), x, [f(x).real], found)
    assert step is not None
    assert abs(step.value - slope) <= step.error


def test_a_complex_step_that_rounding_spoils_does_not_count() -> None:
    def f(z: Any) -> Any:
        return (1 - cmath.cos(z)) / z**2

    assert complex_slopes(along(f, 1e-2), 1e-2, [f(1e-2).real], slopes(along(lambda t: f(t).real, 1e-2), 1e-2, 1)) == [None]


def test_the_complex_step_is_none_where_the_function_takes_no_complex_numbers() -> None:
    assert complex_slopes(lambda t: None, 0.3, [math.exp(0.3)], slopes(along(math.exp, 0.3), 0.3, 1)) == [None]


def test_a_random_function_is_not_repeatable() -> None:
    chance = np.random.default_rng(1)
    assert not repeatable(lambda t: np.array([t + chance.random()]))
    assert repeatable(along(math.sin, 1.0))
    assert repeatable(lambda t: np.array([math.nan]))


def test_a_smooth_gradient_scatters_by_its_rounding() -> None:
    assert scatter(by_units(math.cos, 1.0)) <= 16 * np.spacing(math.cos(1.0))


def test_a_cancelling_gradient_scatters() -> None:
    f = by_units(lambda x: (x * math.sin(x) - 2 * (1 - math.cos(x))) / x**3, 1e-4)
    assert scatter(f) >= abs(f(0) + 1e-4 / 12) / 2


def test_a_gradient_that_is_special_at_the_point_does_not_count_as_uncertain() -> None:
    assert scatter(by_units(lambda x: 0.0 if x == 0.3 else 1.0, 0.3)) <= 1e-15
