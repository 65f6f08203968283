"""The engine for black boxes on its corpus and on fresh random functions: bounds hold, corners are seen, work is counted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradcli.checking.opaque.looking import Slopes, slopes
from gradcli.checking.subject import Bracket
from tests.checking import black_boxes
from tests.checking.black_boxes import AT_CORNERS, AT_EDGES, EXACT, HARD_SMOOTH, NOISY, PIECEWISE, WELL_SCALED, Box

SMOOTH = [*WELL_SCALED, *HARD_SMOOTH, *PIECEWISE, *NOISY]

REQUIRED = 1e-6
"""The relative error that a check must be able to see."""

BENEATH = 1e-16
"""What no values of doubles show: functions that are constant in float64 have slopes below it."""


def looked(box: Box) -> tuple[Slopes, int]:
    """What the engine says of a box, and how many values it asked for."""
    moved: list[float] = []

    def phi(t: float) -> Any:
        moved.append(t)
        return box.phi(t)

    (found,) = slopes(phi, abs(box.x), 1)
    return found, len(moved)


def encloses(one: Bracket, slope: Any) -> bool:
    """Whether a bracket holds a slope, or answers nothing."""
    if one.value is None or math.isinf(one.value):
        return one.value is None or one.value == float(slope)
    return abs(EXACT.context.mpf(one.value) - slope) <= one.error + (BENEATH if not one.value else 0)


def kinked(found: Slopes) -> bool:
    """Whether the slopes on both sides differ by more than their bounds."""
    left, right = found.left, found.right
    return left.value is not None and right.value is not None and abs(left.value - right.value) > left.error + right.error


def resolved(found: Slopes, slope: Any) -> bool:
    """Whether the bound is small enough for a verdict."""
    return found.central.value is not None and found.central.error <= REQUIRED * (abs(slope) or REQUIRED)


def test_the_corpus_is_large() -> None:
    assert len(SMOOTH) + len(AT_CORNERS) + len(AT_EDGES) >= 400


@pytest.mark.parametrize("box", SMOOTH, ids=str)
def test_bounds_hold_and_no_corner_is_seen_where_none_is(box: Box) -> None:
    found, count = looked(box)
    assert encloses(found.central, box.slope)
    assert encloses(found.left, box.slope)
    assert encloses(found.right, box.slope)
    assert not kinked(found)
    assert (found.central.value is None) == bool(found.note)
    assert count <= 130


@pytest.mark.parametrize("box", AT_CORNERS, ids=str)
def test_corners_are_seen_and_their_slopes_enclosed(box: Box) -> None:
    found, count = looked(box)
    assert kinked(found)
    assert not found.smooth
    assert encloses(found.left, box.left)
    assert encloses(found.right, box.right)
    assert count <= 130


@pytest.mark.parametrize("box", AT_EDGES, ids=str)
def test_edges_cusps_and_jumps_have_no_two_sided_slope(box: Box) -> None:
    found, count = looked(box)
    assert found.central.value is None
    assert found.note
    for one, slope in ((found.left, box.left), (found.right, box.right)):
        assert one.value is None if math.isnan(slope) else one.value is not None
        assert math.isnan(slope) or encloses(one, slope)
    assert count <= 130


def test_well_scaled_functions_cost_little_and_are_resolved_far_better_than_is_required() -> None:
    found = [(box, *looked(box)) for box in WELL_SCALED]
    assert sum(count for *_, count in found) / len(found) <= 75
    assert max(count for *_, count in found) <= 100
    assert all(one.central.error <= 1e-9 * max(abs(float(box.slope)), 1e-3) for box, one, _ in found)


@pytest.mark.parametrize("factor", [1 + 1e-6, 1 - 1e-6, 1 + 1e-8])
def test_planted_errors_are_found_and_right_gradients_are_never_accused(factor: float) -> None:
    for box in WELL_SCALED:
        central, right = looked(box)[0].central, float(box.slope)
        assert abs(right - central.value) <= central.error + 4 * math.ulp(right), box
        assert not right or abs(right * factor - central.value) > central.error + 4 * math.ulp(right), box


def test_noise_is_measured_within_reason() -> None:
    for size, name in ((1e-4, "1e-4"), (1e-8, "1e-8"), (1e-12, "1e-12")):
        box = next(box for box in NOISY if box.name == f"sin with noise {name}" and box.x == 1.0)
        assert size <= looked(box)[0].noise <= 20 * size


def test_printed_digits_are_noticed() -> None:
    box = next(box for box in NOISY if box.name == "exp with %.6g" and box.x == 0.3)
    assert 5e-6 <= looked(box)[0].grain <= 5e-5


@pytest.mark.parametrize(
    ("f", "note"),
    [
        (math.floor, "noise of about 2 is as large as all changes"),
        (lambda x: math.floor(x * 3) / 3, "noise of about 0.67 is as large as all changes"),
        (lambda x: round(x, 1), "in steps of 0.1 and more, and are constant between them"),
        (lambda x: float(x > 0.5), "in steps of 1 and more, and are constant between them"),
    ],
)
def test_coarse_steps_are_refused_and_said_to_be_such(f: Any, note: str) -> None:
    (found,) = slopes(lambda t: np.array([f(0.37 + t)], dtype=float), 0.37, 1)
    assert found.central.value is None
    assert note in found.note


def test_pure_noise_has_no_slope() -> None:
    chance = np.random.default_rng(5)
    (found,) = slopes(lambda t: np.array([chance.random()]), 1.0, 1)
    assert found.central.value is found.left.value is found.right.value is None
    assert "noise" in found.note


def solved(x: float) -> float:
    """The root of y = x cos(y), by an iteration that stops at a tolerance of 1e-6."""
    y, rounds = 1.0, 0
    while abs(x * math.cos(y) - y) > 1e-6 and rounds < 100:
        y, rounds = x * math.cos(y), rounds + 1
    return y


@pytest.mark.parametrize("x", [0.37, 0.6, 0.7])
def test_a_solver_that_stops_at_a_tolerance_is_not_trusted_beyond_it(x: float) -> None:
    y = solved(x)
    for _ in range(200):
        y = x * math.cos(y)
    slope = math.cos(y) / (1 + x * math.sin(y))
    (found,) = slopes(lambda t: np.array([solved(x + t)]), x, 1)
    assert 1e-8 < abs(found.central.value - slope) <= found.central.error <= 1e-3


def test_a_wave_that_no_step_resolves_has_no_slope() -> None:
    (found,) = slopes(lambda t: np.array([math.sin(1e13 * (700.3 + t))]), 700.3, 1)
    assert found.central.value is None


@pytest.mark.parametrize("x", [1e308, -1e308, 1e300, 5e-324, 1e-308, -0.0, 2.0**1023, 2.0**-1022])
def test_points_at_the_ends_of_the_number_range_are_survived(x: float) -> None:
    for f, slope in ((math.atan, 1 / (1 + x**2) if abs(x) < 1 else 0.0), (lambda x: x, 1.0), (lambda x: x / 2 + 1, 0.5)):
        (found,) = slopes(lambda t, f=f: np.array([f(x + t)]), abs(x), 1)  # type: ignore[misc]
        assert encloses(found.central, slope)
    for value in (math.nan, math.inf):
        (found,) = slopes(lambda t, value=value: np.array([value]), abs(x), 1)  # type: ignore[misc]
        assert found.central.value is None


@pytest.mark.parametrize("x", [1e308, 1e300, 5e-324, -0.0, 2.0**1023])
def test_the_slope_of_a_line_is_known_at_the_ends_of_the_number_range(x: float) -> None:
    (found,) = slopes(lambda t: np.array([x + t]), x, 1)
    assert abs(found.central.value - 1) <= found.central.error <= 1e-12


def test_a_function_that_is_finite_nowhere_else_is_undefined() -> None:
    (found,) = slopes(lambda t: np.array([math.nan if t else 1.0]), 1.0, 1)
    assert found.left.note == found.right.note == "undefined"
    assert "not finite beside the point" in found.central.note == found.note


def test_outputs_of_every_kind_share_one_budget() -> None:
    moved: list[float] = []

    def phi(t: float) -> Any:
        moved.append(t)
        x = 0.7 + t
        flat = [max(x - 0.1 * k, 0.0) for k in range(8, 40)]
        rest = [float(f"{math.exp(x):.6f}"), float(np.float32(x)), abs(x - 0.7), math.sin(1e5 * x), math.nan if t > 0 else x]
        return np.array([math.sin(x), *flat, *rest])

    found = slopes(phi, 0.7, 38)
    assert len(moved) <= 130
    assert abs(found[0].central.value - math.cos(0.7)) <= found[0].central.error <= 1e-11
    assert all(one.central.value == 0 and one.central.error < 1e-6 for one in found[1:33])
    assert abs(found[33].central.value - math.exp(0.7)) <= found[33].central.error
    assert kinked(found[35])
    assert abs(found[36].central.value - 1e5 * math.cos(7e4)) <= found[36].central.error
    assert found[37].right.note == "undefined"


@pytest.mark.parametrize("size", [3, 100, 5000])
def test_slopes_along_directions_of_arrays(size: int) -> None:
    chance = np.random.default_rng(size)
    x, a, signs = chance.standard_normal(size), chance.standard_normal(size), chance.choice([-1.0, 1.0], size)
    (found,) = slopes(lambda t: np.array([np.sum(np.sin(x + t * signs) * a)]), float(np.max(np.abs(x))), 1)
    slope = math.fsum(np.cos(x) * a * signs)
    assert abs(found.central.value - slope) <= found.central.error + 1e-15 * size
    assert found.central.error <= 1e-7 * abs(slope)


SEEDS = (101, 102, 103)
"""Of functions that nothing was tuned on."""


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("spread", "undecided"), [(0, 0.05), (1.5, 0.15)])
def test_random_functions(seed: int, spread: float, undecided: float) -> None:
    boxes = list(black_boxes.random_boxes(60, seed, spread))
    found = [looked(box) for box in boxes]
    wrong = [box for box, (one, _) in zip(boxes, found, strict=True) if not encloses(one.central, box.slope) or kinked(one)]
    assert not wrong
    assert max(count for _, count in found) <= 130
    assert sum(not resolved(one, box.slope) for box, (one, _) in zip(boxes, found, strict=True)) <= undecided * len(boxes)


@pytest.mark.parametrize("seed", SEEDS)
def test_random_functions_with_noise(seed: int) -> None:
    for box in black_boxes.random_boxes(50, seed, 0, noisy=True):
        found, count = looked(box)
        assert encloses(found.central, box.slope), box
        assert not kinked(found), box
        assert count <= 130


@pytest.mark.parametrize("seed", SEEDS)
def test_random_corners(seed: int) -> None:
    for box in black_boxes.random_corners(40, seed, near=False):
        found, _ = looked(box)
        assert kinked(found), box
        assert encloses(found.left, box.left), box
        assert encloses(found.right, box.right), box
    for box in black_boxes.random_corners(40, seed, near=True):
        found, _ = looked(box)
        assert not kinked(found), box
        assert encloses(found.central, box.slope), box
