"""The parameters of a function of the user's, and how the values of a point reach them. Calls nothing."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from gradcli.language.points import constant
from gradcli.operations.arrays import is_array
from gradcli.results import Value

BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True)
class Parameters:
    """What a function takes.

    names      its parameters in their order
    defaults   values of those that have a number or an array of floats as their default
    own        those whose default is something else, a whole number for instance: they keep it unless the point has a value
    whole      those that want a whole number: annotated `int`, or with a whole number as their default
    by_name    those that are only given by name
    rest       where values by other names go: to `*args`, to `**kwargs`, or nowhere
    """

    names: tuple[str, ...]
    defaults: Mapping[str, Value]
    own: frozenset[str]
    whole: frozenset[str]
    by_name: frozenset[str]
    rest: Literal["", "place", "name"]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The parameters that need a number, and those that have one."""
        return tuple(name for name in self.names if name not in self.own)

    def bound(self, values: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        """Values by name as arguments of a call: by place as far as there is no gap, then by name."""
        places: list[Any] = []
        named: dict[str, Any] = {}
        for name in self.names:
            if name not in values:
                continue
            if self.names[len(places)] == name and name not in self.by_name:
                places.append(values[name])
            else:
                named[name] = values[name]
        others = {name: value for name, value in values.items() if name not in self.names}
        if self.rest == "place":
            return [*places, *others.values()], named
        return places, {**named, **others}


def parameters_of(function: Callable[..., Any]) -> Parameters:
    """The parameters that a function tells of; of one that tells nothing, any names in the order of the point."""
    try:
        found = list(inspect.signature(function).parameters.values())
    except (ValueError, TypeError):
        return replace(named_parameters(()), rest="place")
    kinds = {parameter.kind for parameter in found}
    named = [parameter for parameter in found if parameter.kind in (*BY_PLACE, inspect.Parameter.KEYWORD_ONLY)]
    given = {parameter.name: parameter.default for parameter in named if parameter.default is not inspect.Parameter.empty}
    floats = {parameter.name for parameter in named if parameter.annotation in (float, "float")}
    defaults = {name: constant(value, name) for name, value in given.items() if is_number(value, name in floats)}
    return Parameters(
        names=tuple(parameter.name for parameter in named),
        defaults=defaults,
        own=frozenset(given.keys() - defaults.keys()),
        whole=frozenset(parameter.name for parameter in named if is_whole(parameter) and parameter.name not in defaults),
        by_name=frozenset(parameter.name for parameter in named if parameter.kind is inspect.Parameter.KEYWORD_ONLY),
        rest="place" if inspect.Parameter.VAR_POSITIONAL in kinds else "name" if inspect.Parameter.VAR_KEYWORD in kinds else "",
    )


def named_parameters(names: Sequence[str]) -> Parameters:
    """Parameters that all need a number."""
    return Parameters(tuple(names), {}, frozenset(), frozenset(), frozenset(), "")


def without_first(parameters: Parameters) -> Parameters:
    """The parameters without the first one, which somebody else gives."""
    return replace(parameters, names=parameters.names[1:])


def is_number(value: Any, is_float: bool) -> bool:
    """Whether a default is a number or an array that a derivative may be asked for; a whole number only where floats are meant."""
    if isinstance(value, float) or (is_array(value) and value.dtype.kind == "f"):
        return True
    return is_float and isinstance(value, int) and not isinstance(value, bool)


def is_whole(parameter: inspect.Parameter) -> bool:
    """Whether a parameter wants a whole number."""
    return parameter.annotation in (int, "int") or (isinstance(parameter.default, int) and not isinstance(parameter.default, bool))
