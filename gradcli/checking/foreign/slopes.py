"""Doubles of the opaque engine as numbers of the engines that judge."""

from __future__ import annotations

import math

from gradcli.checking.exact.difference import Differences
from gradcli.checking.foreign.probe import Probe
from gradcli.checking.opaque.looking import Slopes
from gradcli.checking.subject import Bracket


def bracket(probe: Probe, value: float | None, error: float, note: str = "") -> Bracket:
    """A double with its bound as numbers of the engines."""
    return Bracket(None if value is None else probe.F.number(value), probe.F.number(error), note)


def differences_of(probe: Probe, found: Slopes) -> Differences:
    """Slopes in float64 as numbers of the engines."""
    central, left, right = (bracket(probe, one.value, one.error, one.note) for one in (found.central, found.left, found.right))
    return Differences(central, left, right, True, True)


def nothing() -> Differences:
    """The differences where none are asked for."""
    none = Bracket(None, math.inf)
    return Differences(none, none, none, True, True)
