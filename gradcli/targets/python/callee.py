"""One function of the user's and how it is called: with tensors of the library that it is for, silently, and on copies of its arguments."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Literal

from gradcli.errors import TargetProblem
from gradcli.operations.lazily import np, silently
from gradcli.targets.python.answers import Reader
from gradcli.targets.python.contained import contained
from gradcli.targets.python.faults import at_point, problem
from gradcli.targets.python.frameworks import PLAIN, candidates
from gradcli.targets.python.frameworks.framework import Framework


class ChangedArgument(TargetProblem):
    """A function has changed an array that it was given."""


class Callee:
    """A function of the user's by the name that messages call it.

    name        as the user named it
    bare        whether it is given as such, in a program of the user's: then it prints where it likes; else to standard error
    parameters  what it takes
    reader      reads what it returns

    The first library whose tensors the function takes without raising is the one that it is for. Those that are possible, but named
    nowhere in it, come before plain numbers only where the library is asked for its gradient.
    """

    def __init__(self, function: Callable[..., Any], name: str, bare: bool = False, differentiated: bool = False) -> None:
        self.name = name
        self.bare = bare
        self.caught = (Exception, SystemExit) if bare else BaseException
        self.quietly = (lambda work: work()) if bare else contained
        self.sure, maybe = candidates(function)
        order = [*self.sure, *maybe, PLAIN] if differentiated else [*self.sure, PLAIN, *maybe]
        self.possible = list(dict.fromkeys(order))
        self.function = self.framework.callable(function)
        if self.function is None:
            raise TargetProblem(f"{name} is a class, no function", f"write the name of a method or of an object: {name}.METHOD")
        self.parameters = self.framework.parameters(self.function)
        self.reader = Reader(name)

    @property
    def framework(self) -> Framework:
        """The library that the function is for, as far as that is known."""
        return self.possible[0]

    def call(self, at: Mapping[str, Any]) -> Any:
        """What the function answers at a point."""
        first: TargetProblem | None = None
        for framework in self.possible:
            given, lent = self.arguments(framework, at)
            try:
                answer = self.guarded(lambda given=given: self.raw(given), at)  # type: ignore[misc]
            except TargetProblem as fault:
                first = first or fault
                continue
            self.possible = [framework]
            self.refuse_changes(at, lent)
            return framework.named(self.function, answer)
        assert first is not None
        raise first

    def refuse_changes(self, at: Mapping[str, Any], lent: Mapping[str, Any]) -> None:
        """Refuses a function that has changed the arrays that it was given."""
        for name, copy in lent.items():
            if not same_bits(at[name], copy):
                raise ChangedArgument(f"{self.name} changes its argument '{name}'{at_point(at)}", f"let it work on a copy: {name}.copy()")

    def call_complex(self, at: Mapping[str, Any]) -> Any:
        """What the function answers at a point with complex numbers. A warning is an error: it says that imaginary parts were dropped."""
        given, _ = self.arguments(self.framework, at)
        return self.guarded(lambda: self.raw(given), at, "error")

    def arguments(self, framework: Framework, at: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The values of a point as a library's tensors, and the copies of arrays on which these lie."""
        given: dict[str, Any] = {}
        lent: dict[str, Any] = {}
        for name, value in at.items():
            if isinstance(value, float):
                whole = name in self.parameters.whole and value.is_integer()
                given[name] = int(value) if whole else framework.number(float(value))
            elif isinstance(value, complex):
                given[name] = value
            else:
                lent[name] = value.copy()
                given[name] = framework.array(lent[name])
        return given, lent

    def raw(self, given: Mapping[str, Any]) -> Any:
        """The call itself."""
        places, named = self.parameters.bound(given)
        return self.function(*places, **named)

    def guarded(self, work: Callable[[], Any], at: Mapping[str, Any], warned: Literal["ignore", "error"] = "ignore") -> Any:
        """The answer of some work with the user's code, whose exceptions become errors, and whose warnings are not shown."""
        try:
            with silently(), warnings.catch_warnings(action=warned):
                return self.quietly(work)
        except (TargetProblem, KeyboardInterrupt):
            raise
        except self.caught as fault:
            raise problem(self.name, fault, at, self.framework.cure(fault)) from fault


def same_bits(one: Any, other: Any) -> bool:
    """Whether two arrays hold the same numbers to the bit, NaN included."""
    return bool(np.array_equal(one.view(np.int64), other.view(np.int64)))
