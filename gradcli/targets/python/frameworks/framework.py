"""What gradcli knows of a library that functions of the user's compute with: how values become its tensors, and how it differentiates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcli.targets.python.parameters import Parameters, parameters_of

Call = Callable[[Mapping[str, Any]], Any]
"""A function of tensors by name that answers what the user's function answers."""

Pull = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""From weights by output to the gradient by input of the outputs times their weights; None is zero."""


class NoGraph(Exception):
    """An answer carries nothing that the library could differentiate."""


class Framework:
    """NumPy and Python's own numbers, and what the other libraries have in common.

    name    the library's module
    title   what the library's derivative is called, "" where it has none
    steps   whether functions are asked for values at complex numbers, too
    """

    name = "numpy"
    title = ""
    steps = True

    def number(self, value: float) -> Any:
        """A float as the library takes it."""
        return value

    def array(self, value: Any) -> Any:
        """An array of float64, which the function may keep, as the library takes it."""
        return value

    def parameters(self, function: Callable[..., Any]) -> Parameters:
        """The parameters of a function."""
        return parameters_of(function)

    def callable(self, thing: Any) -> Any:
        """What is called where the user names a thing; None where it can't be called with numbers, as most classes."""
        return None if isinstance(thing, type) else thing

    def named(self, function: Callable[..., Any], answer: Any) -> Any:
        """An answer with the names of its outputs, where the library knows them."""
        return answer

    def note(self) -> str:
        """A sentence for readers of a check about how the library computes, "" if there is none."""
        return ""

    def cure(self, fault: BaseException) -> str | None:
        """What helps against an exception that functions of the library often raise."""
        return None

    def pullback(self, function: Any, call: Call, at: Mapping[str, Any]) -> tuple[Any, Pull]:
        """The answer of a call at a point, and its derivative by the library's reverse mode. Raises NoGraph."""
        raise NotImplementedError
