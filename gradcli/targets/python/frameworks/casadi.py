"""CasADi: its functions and functions of its matrices, and their Jacobian by CasADi. Imports nothing: the user's module has.

CasADi has no vectors but columns, and counts the elements of a matrix column by column.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from gradcli.operations.lazily import np
from gradcli.targets.python.answers import ONLY, parts_of_any
from gradcli.targets.python.frameworks.framework import Call, Framework, Pull
from gradcli.targets.python.parameters import Parameters, named_parameters, parameters_of
from gradcli.targets.python.tensors import from_casadi


class Casadi(Framework):
    """Objects of the type casadi.Function, and functions that compute with CasADi."""

    name = "casadi"
    title = "CasADi's Jacobian"
    steps = False

    def array(self, value: Any) -> Any:
        return sys.modules["casadi"].DM(value)

    def parameters(self, function: Any) -> Parameters:
        return named_parameters(function.name_in()) if is_function(function) else parameters_of(function)

    def named(self, function: Any, answer: Any) -> Any:
        if is_function(function) and isinstance(answer, tuple | list):
            return dict(zip(function.name_out(), answer, strict=True))
        return answer

    def pullback(self, function: Any, call: Call, at: Mapping[str, Any]) -> tuple[Any, Pull]:
        casadi = sys.modules["casadi"]
        if not is_function(function):
            symbols = {name: casadi.MX.sym(name, *casadi.DM(value).shape) for name, value in at.items() if not isinstance(value, int)}
            parts = parts_of_any(call({**at, **symbols}))
            at = {name: at[name] for name in symbols}
            function = casadi.Function("f", list(symbols.values()), [casadi.vertcat(*part) if isinstance(part, list) else part
                                                                     for part in parts.values()])  # fmt: skip
            names = list(parts)
        else:
            names = function.name_out() if function.n_out() > 1 else [ONLY]
        answers = function.call(list(at.values()))
        blocks = [block.full() for block in function.jacobian().call([*at.values(), *answers])]

        def pull(weights: Mapping[str, Any]) -> dict[str, Any]:
            outer = [np.ravel(weights[name], order="F") for name in names]
            columns = [sum(outer[i] @ blocks[i * len(at) + j] for i in range(len(names))) for j in range(len(at))]
            shapes = [np.shape(from_casadi(casadi.DM(value))) for value in at.values()]
            return {name: np.reshape(column, shape, order="F") for name, column, shape in zip(at, columns, shapes, strict=True)}

        return dict(zip(names, answers, strict=True)), pull


def is_function(thing: Any) -> bool:
    """Whether a thing is CasADi's own kind of function."""
    return hasattr(thing, "name_in") and hasattr(thing, "jacobian")
