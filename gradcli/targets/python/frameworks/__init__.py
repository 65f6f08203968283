"""The libraries that functions of the user's compute with, as a table, and which of them a function is for. Imports none of them."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from gradcli.targets.python.faults import is_library
from gradcli.targets.python.frameworks.casadi import Casadi
from gradcli.targets.python.frameworks.framework import Framework
from gradcli.targets.python.frameworks.hips_autograd import Autograd
from gradcli.targets.python.frameworks.jax import Jax
from gradcli.targets.python.frameworks.pytorch import PyTorch

PLAIN = Framework()

FRAMEWORKS: dict[str, Framework] = {framework.name: framework for framework in (PyTorch(), Jax(), Autograd(), Casadi())}

NAMED = (type, FunctionType, BuiltinFunctionType, MethodType)
"""Kinds of things that say where they come from; other objects come from where their class does."""

DEEPEST = 100
"""Layers around a function that are taken off: some objects have any attribute, without end."""


def candidates(function: Any) -> tuple[list[Framework], list[Framework]]:
    """The libraries whose tensors a function wants, and those whose tensors it may want.

    It wants those that it names itself, or that a function of its own module names that it calls. If it names none, not even NumPy, it
    may want those that its module names otherwise: `x*x` is for any of them, and for numbers as well.
    """
    if not any(name in sys.modules for name in FRAMEWORKS):
        return [PLAIN], []
    surely = libraries(used(function))
    if surely:
        return surely, []
    around = libraries(getattr(written(function), "__globals__", {}).values())
    return [], [framework for framework in around if framework is not PLAIN]


def libraries(things: Iterable[Any]) -> list[Framework]:
    """The libraries that some things come from; plain numbers, for what has to do with NumPy, stand last."""
    names = [name for name in dict.fromkeys(map(library, list(things))) if name in sys.modules]
    return sorted((FRAMEWORKS.get(name, PLAIN) for name in names), key=lambda framework: framework is PLAIN)


def library(thing: Any) -> str:
    """The library that a thing comes from: a module, a function or class of one, or an object of one of its classes; "" if of none."""
    kinds = (thing if isinstance(thing, type) else type(thing)).__mro__
    own = thing.__name__ if isinstance(thing, ModuleType) else getattr(thing, "__module__", "") if isinstance(thing, NAMED) else ""
    roots = [str(home).partition(".")[0].replace("jaxlib", "jax") for home in (own, *(kind.__module__ for kind in kinds))]
    return next((root for root in roots if root in FRAMEWORKS or root == PLAIN.name), "")


def used(function: Any) -> Iterator[Any]:
    """A function, its object with what that holds, and what its code names, followed through what the user has written."""
    waiting, seen = [function], set()
    while waiting:
        thing = waiting.pop()
        yield thing
        plain = written(thing)
        if plain is None or plain.__code__ in seen or is_library(plain.__code__.co_filename):
            continue
        seen.add(plain.__code__)
        owner = attribute(thing, "__self__") or thing
        yield owner
        if not isinstance(owner, FunctionType | ModuleType | type):
            yield from (attribute(owner, "__dict__") or {}).values()
        cells = [cell.cell_contents for cell in plain.__closure__ or () if cell != CellType()]
        waiting += [*cells, *(plain.__globals__[name] for name in names_of(plain.__code__) if name in plain.__globals__)]


def written(thing: Any) -> FunctionType | None:
    """The function as it is written, behind decorators, methods, partial functions and objects that can be called; else None."""
    for _ in range(DEEPEST):
        inner = attribute(thing, "__wrapped__")
        if isinstance(thing, FunctionType) and not callable(inner):
            return thing
        behind = [inner, *(attribute(thing, name) for name in ("__func__", "func"))]
        if not isinstance(thing, type):
            behind.append(attribute(type(thing), "__call__"))
        thing = next((found for found in behind if callable(found)), None)
        if not callable(thing):
            return None
    return None


def attribute(thing: Any, name: str) -> Any:
    """An attribute of an object of the user's; None where there is none, whatever the object does when it is asked."""
    try:
        return getattr(thing, name, None)
    except Exception:
        return None


def names_of(code: CodeType) -> Iterator[str]:
    """The names in a function's code, and in that of the functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_of(constant)
