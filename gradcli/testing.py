"""Checks of gradients as assertions, for the test suites of people who write gradients. Judges nothing and lays out nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcli.checking.foreign.functions import check_gradient
from gradcli.language.points import Given
from gradcli.rendering import render_report


def assert_gradient(
    function: Callable[..., Any] | str, gradient: Callable[..., Any] | str | None = None, at: Given = None, **options: Any
) -> None:
    """Asserts that the gradient of a function in Python is right at a point; takes what `gradcli.check_gradient` takes.

    Raises AssertionError with the table of `gradcli check` where it disagrees or could not be decided; `verdict="kink"` and the like say
    what is expected instead of agreement.

    >>> assert_gradient(lambda x: x**2, lambda x: 2*x, at={"x": 3})
    """
    __tracebackhide__ = True  # pytest shows the line of the test
    report = check_gradient(function, gradient, at, **options)
    if report.exit_code:
        raise AssertionError("\n" + render_report(report, "table", terminal=False, width=0, color=False).rstrip())
