"""gradcli: reverse-mode gradients of programs, and verdicts on gradients that follow from error bounds.

    >>> import gradcli
    >>> gradcli.grad("(x+w)*(w+1)", at={"w": 1, "x": 2}).gradient
    {'x': 2.0, 'w': 5.0}
    >>> gradcli.check("(x+w)*(w+1)", at={"w": 1, "x": 2}, expect={"w": "2*w+x+1"}).verdict
    'agree'

Names are loaded on first use: importing the package costs nothing, and `grad` loads neither NumPy nor SymPy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.checking import Interrupted, Renewal, check, check_suites, list_checks, renew_suites
    from gradcli.checking.foreign import check_target
    from gradcli.checking.foreign.functions import check_gradient
    from gradcli.differentiation import grad
    from gradcli.differentiation.directional import jvp
    from gradcli.differentiation.graph_answers import graph_of
    from gradcli.differentiation.hessians import hessian
    from gradcli.differentiation.jacobians import jacobian
    from gradcli.differentiation.over_points import grad_over
    from gradcli.differentiation.tape import GradientFunction, gradient_function
    from gradcli.errors import (
        BudgetExceeded,
        FileProblem,
        GradcliError,
        MissingValue,
        NotSupported,
        PointError,
        SourceError,
        SuiteError,
        SyntaxProblem,
        TargetProblem,
        UnknownFunction,
        UnknownName,
        UsageError,
        WrongArguments,
    )
    from gradcli.language import Program, parse
    from gradcli.language.limits import Limits
    from gradcli.operations.catalogue import ops
    from gradcli.results import Check, ClaimResult, Estimate, Gradient, Gradients, Hessian, Jacobian, Jvp, Report, Row, Traced
    from gradcli.targets import Target, open_target
    from gradcli.testing import assert_gradient

__version__ = "0.1.0"

_HOMES = {
    "gradcli.checking": ("Interrupted", "Renewal", "check", "check_suites", "list_checks", "renew_suites"),
    "gradcli.checking.foreign": ("check_target",),
    "gradcli.checking.foreign.functions": ("check_gradient",),
    "gradcli.differentiation": ("grad",),
    "gradcli.differentiation.directional": ("jvp",),
    "gradcli.differentiation.graph_answers": ("graph_of",),
    "gradcli.differentiation.hessians": ("hessian",),
    "gradcli.differentiation.jacobians": ("jacobian",),
    "gradcli.differentiation.over_points": ("grad_over",),
    "gradcli.differentiation.tape": ("GradientFunction", "gradient_function"),
    "gradcli.language": ("Program", "parse"),
    "gradcli.language.limits": ("Limits",),
    "gradcli.operations.catalogue": ("ops",),
    "gradcli.testing": ("assert_gradient",),
    "gradcli.results": (
        "Check", "ClaimResult", "Estimate", "Gradient", "Gradients", "Hessian", "Jacobian", "Jvp", "Report", "Row", "Traced",
    ),
    "gradcli.targets": ("Target", "open_target"),
    "gradcli.errors": (
        "BudgetExceeded", "FileProblem", "GradcliError", "MissingValue", "NotSupported", "PointError", "SourceError", "SuiteError",
        "SyntaxProblem", "TargetProblem", "UnknownFunction", "UnknownName", "UsageError", "WrongArguments",
    ),
}  # fmt: skip

__all__ = [
    "BudgetExceeded",
    "Check",
    "ClaimResult",
    "Estimate",
    "FileProblem",
    "GradcliError",
    "Gradient",
    "GradientFunction",
    "Gradients",
    "Hessian",
    "Interrupted",
    "Jacobian",
    "Jvp",
    "Limits",
    "MissingValue",
    "NotSupported",
    "PointError",
    "Program",
    "Renewal",
    "Report",
    "Row",
    "SourceError",
    "SuiteError",
    "SyntaxProblem",
    "Target",
    "TargetProblem",
    "Traced",
    "UnknownFunction",
    "UnknownName",
    "UsageError",
    "WrongArguments",
    "__version__",
    "assert_gradient",
    "check",
    "check_gradient",
    "check_suites",
    "check_target",
    "grad",
    "grad_over",
    "gradient_function",
    "graph_of",
    "hessian",
    "jacobian",
    "jvp",
    "list_checks",
    "open_target",
    "ops",
    "parse",
    "renew_suites",
]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'gradcli' has no attribute '{name}'")
