"""Checkers of gradients behind one face: each is asked whether a gradient under test is right, and answers with a word.

"pass" and "fail" are what the tool says; "undecided" is a refusal; gradcli also knows "kink" and "undefined". Peers get a function of one
vector in their own library, with the gradient under test planted as its derivative, or beside it where that is how the tool works.
They are no dependencies: those that are not installed are left out.
"""

from __future__ import annotations

import importlib.util
import warnings
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import numpy as np

import gradcli
from tests.benchmarks.planted import Case, Planted
from tests.checking.targets import Given

PLAIN = ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "sinh", "cosh", "arctan", "arcsin", "arccos", "arcsinh", "arccosh", "arctanh")
NAMES = (
    *PLAIN,
    "abs",
    "log1p",
    "expm1",
    "log2",
    "log10",
    "hypot",
    "arctan2",
    "maximum",
    "minimum",
    "where",
    "sum",
    "mean",
    "prod",
    "dot",
    "max",
)
"""Functions of the corpus that NumPy and its relatives have under the same names."""


def like_numpy(library: Any) -> dict[str, Any]:
    """The corpus's functions over NumPy or a library that looks like it."""
    return {name: getattr(library, name) for name in NAMES} | {
        "pi": np.pi,
        "clip": library.clip,
        "relu": lambda x: library.maximum(x, 0.0),
        "sigmoid": lambda x: 1 / (1 + library.exp(-x)),
        "softplus": lambda x: library.logaddexp(0.0, x),
    }


def evaluator(case: Case, scope: dict[str, Any]) -> Callable[..., Any]:
    """The function of a case over a library, of its inputs by name."""
    code = compile(case.function.text, "<corpus>", "eval")
    return lambda **at: eval(code, {"__builtins__": {}, **scope}, at)  # our own corpus


def of_vector(case: Case, scope: dict[str, Any]) -> Callable[[Any], Any]:
    """The function of a case over a library, of one vector."""
    function = evaluator(case, scope)
    return lambda x: function(**case.shaped(x))


class Checker:
    """One tool with its settings. `needs` is the package without which it is left out."""

    name: str
    settings: str
    needs: str = "gradcli"

    @property
    def there(self) -> bool:
        """Whether its package is installed."""
        return importlib.util.find_spec(self.needs) is not None

    def answers(self, case: Case, planted: Sequence[Planted]) -> list[str]:
        """A word for each gradient under test."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            ask = self.prepared(case)
            return [ask(np.array(one.gradient)) for one in planted]

    @abstractmethod
    def prepared(self, case: Case) -> Callable[[Any], str]:
        """What answers for a gradient of this case."""


def said(right: Any) -> str:
    """A yes or no as a word."""
    return "pass" if right else "fail"


WORDS = {"agree": "pass", "disagree": "fail", "inconclusive": "undecided"}
"""gradcli's verdicts that have other names here."""


class Program(Checker):
    """gradcli with the function as a program: the gradient is claimed as numbers."""

    name, settings = "gradcli", "program, gradient as numbers"

    def prepared(self, case: Case) -> Callable[[Any], str]:
        def ask(gradient: Any) -> str:
            claims = {name: value.tolist() for name, value in case.shaped(gradient).items()}
            verdict = gradcli.check(case.function.text, case.point, expect=claims).verdict
            return WORDS.get(verdict, verdict)

        return ask


@dataclass
class BlackBox(Checker):
    """gradcli with the function in NumPy, of which it sees values only. Keeps how many each check asked for, by function."""

    complex_numbers: bool
    asked: dict[str, int] = field(default_factory=dict)
    name = "gradcli, black box"

    def __post_init__(self) -> None:
        self.settings = "NumPy function" if self.complex_numbers else "real values only"

    def prepared(self, case: Case) -> Callable[[Any], str]:
        function = evaluator(case, like_numpy(np))

        def in_numpy(**at: Any) -> Any:
            return function(**{name: np.asarray(value)[()] for name, value in at.items()})

        def ask(gradient: Any) -> str:
            def claimed(**at: Any) -> Any:
                return case.shaped(gradient)

            if self.complex_numbers:
                report = gradcli.check_gradient(in_numpy, claimed, case.point)
            else:
                report = gradcli.check_target(Given(in_numpy, claimed, inputs=tuple(case.point)), case.point)
            self.asked[str(case.function)] = report.checks[0].evaluations
            return WORDS.get(report.verdict, report.verdict)

        return ask


@dataclass
class Torch(Checker):
    """torch.autograd.gradcheck of a custom autograd.Function."""

    settings: str
    options: dict[str, float]
    name, needs = "torch gradcheck", "torch"

    def prepared(self, case: Case) -> Callable[[Any], str]:
        import torch

        function = of_vector(case, like_torch(torch))
        point = torch.tensor(case.flat, requires_grad=True)

        class Custom(torch.autograd.Function):
            @staticmethod
            def forward(ctx: Any, x: Any, gradient: Any) -> Any:
                ctx.gradient = gradient
                return function(x)

            @staticmethod
            def backward(ctx: Any, weight: Any) -> Any:
                return weight * ctx.gradient, None

        def ask(gradient: Any) -> str:
            claimed = torch.tensor(gradient)
            return said(torch.autograd.gradcheck(lambda x: Custom.apply(x, claimed), (point,), raise_exception=False, **self.options))

        return ask


def like_torch(torch: Any) -> dict[str, Any]:
    """The corpus's functions over PyTorch, whose own want tensors where NumPy's take numbers."""

    def tensor(x: Any) -> Any:
        return torch.as_tensor(x, dtype=torch.float64)

    return {name: getattr(torch, name) for name in NAMES} | {
        "pi": torch.pi,
        "maximum": lambda a, b: torch.maximum(tensor(a), tensor(b)),
        "minimum": lambda a, b: torch.minimum(tensor(a), tensor(b)),
        "where": lambda c, a, b: torch.where(c, tensor(a), tensor(b)),
        "clip": torch.clip,
        "relu": torch.relu,
        "sigmoid": torch.sigmoid,
        "softplus": lambda x: torch.nn.functional.softplus(x, threshold=800),
    }


@dataclass
class Jax(Checker):
    """jax.test_util.check_grads of a custom_vjp, reverse mode, first order."""

    settings: str
    options: dict[str, float]
    name, needs = "jax check_grads", "jax"

    def prepared(self, case: Case) -> Callable[[Any], str]:
        import jax
        from jax.test_util import check_grads

        jax.config.update("jax_enable_x64", True)
        function = of_vector(case, like_numpy(jax.numpy))
        point = jax.numpy.asarray(case.flat)

        def ask(gradient: Any) -> str:
            claimed = jax.numpy.asarray(gradient)
            custom = jax.custom_vjp(function)
            custom.defvjp(lambda x: (function(x), None), lambda kept, weight: (weight * claimed,))
            return raises(lambda: check_grads(custom, (point,), order=1, modes=("rev",), **self.options))

        return ask


def raises(check: Callable[[], Any]) -> str:
    """The word of a check that raises AssertionError."""
    try:
        check()
    except AssertionError:
        return "fail"
    return "pass"


class Autograd(Checker):
    """autograd.test_util.check_grads of a primitive with its own vector-Jacobian product, reverse mode, first order."""

    name, settings, needs = "autograd check_grads", "default settings", "autograd"

    def prepared(self, case: Case) -> Callable[[Any], str]:
        from autograd.extend import defvjp, primitive
        from autograd.test_util import check_grads

        function = of_vector(case, like_numpy(np))

        def ask(gradient: Any) -> str:
            custom = primitive(lambda x: np.float64(function(x)))
            defvjp(custom, lambda answer, x: lambda weight: weight * gradient)
            np.random.seed(0)  # the tool draws its directions from there
            return raises(lambda: check_grads(custom, modes=["rev"], order=1)(case.flat))

        return ask


@dataclass
class SciPy(Checker):
    """scipy.optimize.check_grad, which returns a distance: whoever calls it says how much is too much."""

    settings: str
    relative: bool
    name, needs = "scipy check_grad", "scipy"
    limit = 1e-6

    def prepared(self, case: Case) -> Callable[[Any], str]:
        from scipy.optimize import check_grad

        function = of_vector(case, like_numpy(np))

        def ask(gradient: Any) -> str:
            off = check_grad(function, lambda x: gradient, case.flat)
            return said(off <= self.limit * (np.linalg.norm(gradient) if self.relative else 1))

        return ask


@dataclass
class WithErrors(Checker):
    """A library that returns a derivative and an estimate of its error: a gradient passes within `times` that estimate."""

    times: float
    ulps = 4

    def __post_init__(self) -> None:
        self.settings = "within its error estimate" if self.times == 1 else f"within {self.times:g} times its error estimate"

    def prepared(self, case: Case) -> Callable[[Any], str]:
        try:
            value, error = self.estimate(of_vector(case, like_numpy(np)), case.flat)
        except (NeverEndsError, np.linalg.LinAlgError):
            return lambda gradient: "undecided"
        return lambda gradient: said(np.all(abs(value - gradient) <= self.times * error + self.ulps * np.spacing(abs(gradient))))

    @abstractmethod
    def estimate(self, function: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
        """The gradient and its error."""


class NeverEndsError(Exception):
    """A tool would compute for ever."""


def ending_polyfit(x: Any, y: Any, degree: int, *more: Any, **options: Any) -> Any:
    """numpy.polyfit, but an error where its LAPACK routine never returns, because powers of x underflow or y is not finite."""
    powers = np.vander(x, degree + 1)
    if not np.all(np.isfinite(powers / np.sqrt(np.sum(powers**2, axis=0)))) or not np.all(np.isfinite(y)):
        raise NeverEndsError
    return POLYFIT(x, y, degree, *more, **options)


POLYFIT = np.polyfit


class Numdifftools(WithErrors):
    """numdifftools.Gradient."""

    name = needs = "numdifftools"

    def estimate(self, function: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
        import numdifftools

        found = numdifftools.Gradient(function, full_output=True)(x)
        return np.ravel(found.estimate), np.ravel(found.error_estimate)


class Jacobi(WithErrors):
    """jacobi.jacobi."""

    name = needs = "jacobi"

    def estimate(self, function: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
        import jacobi

        with mock.patch("numpy.polyfit", ending_polyfit):
            value, error = jacobi.jacobi(function, x)
        return np.ravel(value), np.ravel(error)


RELATIVE = {"atol": 0.0, "rtol": 1e-6}
"""A tolerance at the relative error that gradcli's checks must be able to see."""

PROGRAM, BLACK_BOX, REAL = Program(), BlackBox(complex_numbers=True), BlackBox(complex_numbers=False)

PEERS: list[Checker] = [
    Torch("default settings", {}),
    Torch("atol=0, rtol=1e-6", RELATIVE),
    Jax("default settings", {}),
    Jax("atol=0, rtol=1e-6", RELATIVE),
    Autograd(),
    SciPy("distance at most 1e-6", relative=False),
    SciPy("distance at most 1e-6 of the gradient", relative=True),
    Numdifftools(1),
    Numdifftools(10),
    Jacobi(1),
    Jacobi(10),
]
