"""Functions of PyTorch, JAX, autograd and CasADi are called as they are, and give their gradient themselves. With stand-ins for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradcli.errors import TargetProblem
from gradcli.language.points import point
from gradcli.targets.python.functions import PythonFunction, python_function
from tests.targets.conftest import Write

LIBRARIES = Path(__file__).parent / "libraries"

TORCH = """
    import numpy as np
    import torch

    class Square(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x*x

        @staticmethod
        def backward(ctx, g):
            x, = ctx.saved_tensors
            return g*x*3.0

    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x*x

        @staticmethod
        def backward(ctx, g):
            raise ValueError("no way back")

    def is_tensor(x):
        return isinstance(x, torch.Tensor) and x.dtype == "torch.float64"

    def product(x, y):
        assert is_tensor(x) and is_tensor(y)
        return (x*y).sum()

    def helper(x):
        return torch.Tensor.sum(x*x)

    def through_helper(x): return helper(x)
    def with_numpy(x): return (x*x*float(np.sqrt(4.0))).sum()*torch.Tensor.sum(x)
    def half_of(x, y=0.5, n=2): return [x*y, x*y*float(n)]
    def several(x, y): return {"a": x*y, "b": (x*x).sum()}
    def pair(x, y): return x*y, x*x
    class Layer:
        def __init__(self):
            self.factor = torch.tensor([3.0], np.float64)
        def __call__(self, x):
            return (x*self.factor).sum()
        def squared(self, x):
            return (x*x*self.factor).sum()
    layer = Layer()

    class Evasive:
        def __getattr__(self, name):
            raise RuntimeError("not now")
    evasive = Evasive()
    def beside_an_evasive_object(x):
        assert evasive is not None
        return helper(x)

    def ended(x): return torch.Tensor.item((x*x).sum())
    def cut(x): return torch.Tensor.detach((x*x).sum())
    def in_place(x):
        assert is_tensor(x)
        x *= 2
        return x.sum()
    def of_arrays(x): return torch.from_numpy(x).sum().item()
    def plain(x): return float(np.sum(x**2))
    def without_names(x): return float(sum(x.tolist()[::-1]) + 2)
    def plain_gradient(x): return 2*x
    def tensor_gradient(x): return torch.Tensor.__mul__(x, 2.0)
    def narrow(x): return x*torch.tensor(2.0)
"""

JAX = """
    import jax
    import jax.numpy as jnp
    def f(x, y): return jnp.sum(x**2)*y
    def several(x, y): return x**2*y, jnp.sum(x)*y
    def named(x, y): return {"b": x**2*y, "a": jnp.sum(x)*y}
"""

AUTOGRAD = """
    import autograd.numpy as np
    def f(x, y): return np.sum(x**2)*y
    def several(x, y): return x**2*y, np.sum(x)*y
    def listed(x, y): return [np.sum(x), y*y]
"""

CASADI = """
    import casadi
    f = casadi.Function(["x", "y"], ["value"], lambda x, y: [(x**2).sum()*y])
    g = casadi.Function(["W", "x"], ["product", "squares"], lambda W, x: [W @ x, W**2])
"""


@pytest.fixture(autouse=True)
def _libraries(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(LIBRARIES))
    for name, code in (("ofTorch", TORCH), ("ofJax", JAX), ("ofAutograd", AUTOGRAD), ("ofCasadi", CASADI)):
        write(f"{name}.py", code)


def at(place: str, given: str, gradient: str | None = None) -> tuple[PythonFunction, dict[str, Any]]:
    """A target and its complete point."""
    target = python_function(place, gradient)
    return target, target.prepared(point(given))


def pulled(place: str, given: str) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """The outputs, the gradient of all outputs times 1, 2, 3 …, and the notes."""
    target, values = at(place, given)
    outputs = target.evaluate(values)
    assert target.derivatives == {"vjp"}
    weights = {name: np.arange(1.0, np.size(value) + 1).reshape(np.shape(value)) for name, value in outputs.items()}
    gradient = target.vjp(values, weights)
    return listed(outputs), listed(gradient), target.notes


def listed(values: Any) -> dict[str, Any]:
    """Values as lists."""
    return {name: value if isinstance(value, float) else value.tolist() for name, value in values.items()}


@pytest.mark.parametrize(
    ("place", "given", "outputs", "gradient"),
    [
        ("ofTorch:product", "x=[1,2],y=3", {"value": 9.0}, {"x": [3.0, 3.0], "y": 3.0}),
        ("ofTorch:through_helper", "x=[1,2]", {"value": 5.0}, {"x": [2.0, 4.0]}),
        ("ofTorch:with_numpy", "x=[1]", {"value": 2.0}, {"x": [6.0]}),
        ("ofTorch:layer", "x=[1]", {"value": 3.0}, {"x": [3.0]}),
        ("ofTorch:layer.squared", "x=[2]", {"value": 12.0}, {"x": [12.0]}),
        ("ofTorch:beside_an_evasive_object", "x=[1,2]", {"value": 5.0}, {"x": [2.0, 4.0]}),
        ("ofTorch:half_of", "x=3", {"value": [1.5, 3.0]}, {"x": 2.5, "y": 15.0}),
        ("ofTorch:several", "x=[1,2],y=3", {"a": [3.0, 6.0], "b": 5.0}, {"x": [5.0, 10.0], "y": 5.0}),
        ("ofTorch:pair", "x=2,y=3", {"out[0]": 6.0, "out[1]": 4.0}, {"x": 7.0, "y": 2.0}),
        ("ofJax:f", "x=[1,2],y=3", {"value": 15.0}, {"x": [6.0, 12.0], "y": 5.0}),
        ("ofJax:several", "x=[1,2],y=3", {"out[0]": [3.0, 12.0], "out[1]": 9.0}, {"x": [9.0, 27.0], "y": 12.0}),
        ("ofJax:named", "x=[1,2],y=3", {"b": [3.0, 12.0], "a": 9.0}, {"x": [9.0, 27.0], "y": 12.0}),
        ("ofAutograd:f", "x=[1,2],y=3", {"value": 15.0}, {"x": [6.0, 12.0], "y": 5.0}),
        ("ofAutograd:several", "x=[1,2],y=3", {"out[0]": [3.0, 12.0], "out[1]": 9.0}, {"x": [9.0, 27.0], "y": 12.0}),
        ("ofAutograd:listed", "x=[1,2],y=3", {"value": [3.0, 9.0]}, {"x": [1.0, 1.0], "y": 12.0}),
        ("ofCasadi:f", "x=[1,2],y=3", {"value": 15.0}, {"x": [6.0, 12.0], "y": 5.0}),
        (
            "ofCasadi:g",
            "W=[[1,2,3],[4,5,6]],x=[1,0,2]",
            {"product": [7.0, 16.0], "squares": [[1.0, 4.0, 9.0], [16.0, 25.0, 36.0]]},
            {"W": [[3.0, 8.0, 20.0], [34.0, 50.0, 76.0]], "x": [9.0, 12.0, 15.0]},
        ),
    ],
)
def test_a_library_gives_the_gradient_of_its_functions(place: str, given: str, outputs: Any, gradient: Any) -> None:
    found = pulled(place, given)
    assert found[0] == outputs
    assert found[1].keys() == gradient.keys()
    for name, value in gradient.items():
        np.testing.assert_allclose(found[1][name], value, rtol=1e-14)
    assert found[2][0].endswith(f"of {place}")


def test_a_backward_of_ones_own_is_what_is_asked() -> None:
    assert pulled("ofTorch:Square", "x=[1,2]")[:2] == ({"value": [1.0, 4.0]}, {"x": [3.0, 12.0]})
    assert pulled("ofTorch:Square.apply", "x=2")[:2] == ({"value": 4.0}, {"x": 6.0})


def test_a_backward_that_raises_is_shown_with_its_line() -> None:
    target, values = at("ofTorch:Broken", "x=2")
    with pytest.raises(TargetProblem, match=r"ofTorch:Broken raised ValueError: no way back \(ofTorch.py, line 23\) at x = 2"):
        target.vjp(values, {"value": 1.0})


@pytest.mark.parametrize("place", ["ofTorch:ended", "ofTorch:cut"])
def test_an_answer_without_graph_is_refused_with_what_cuts_it(place: str) -> None:
    target, values = at(place, "x=[1,2]")
    assert target.evaluate(values) == {"value": 5.0}
    with pytest.raises(TargetProblem, match="carries no graph") as caught:
        target.vjp(values, {"value": 1.0})
    assert "detach()" in str(caught.value.hint)


def test_a_tensor_that_is_changed_is_an_argument_that_is_changed() -> None:
    with pytest.raises(TargetProblem, match="changes its argument 'x'"):
        at("ofTorch:in_place", "x=[1,2]")[0].evaluate({"x": np.array([1.0, 2.0])})


def test_a_function_of_arrays_beside_tensors_gets_arrays() -> None:
    target, values = at("ofTorch:plain", "x=[1,2]")
    assert target.derivatives == frozenset()
    assert target.evaluate(values) == {"value": 5.0}
    target, values = at("ofTorch:without_names", "x=[1,2]")
    assert (target.derivatives, target.evaluate(values)) == (frozenset(), {"value": 5.0})
    target, values = at("ofTorch:of_arrays", "x=[1,2]")
    assert target.evaluate(values) == {"value": 3.0}


@pytest.mark.parametrize("gradient", ["ofTorch:plain_gradient", "ofTorch:tensor_gradient"])
@pytest.mark.parametrize("place", ["ofTorch:plain", "ofTorch:through_helper"])
def test_function_and_gradient_may_be_for_different_libraries(place: str, gradient: str) -> None:
    target, values = at(place, "x=[1,2]", gradient)
    assert listed({"x": target.jacobian(values)["value", "x"]}) == {"x": [2.0, 4.0]}


def test_weights_of_single_precision_get_their_cure() -> None:
    with pytest.raises(TargetProblem, match="raised RuntimeError: expected the same dtype") as caught:
        at("ofTorch:narrow", "x=[1,2]")[0].evaluate({"x": np.array([1.0, 2.0])})
    assert "model.double()" in str(caught.value.hint)


def test_single_precision_of_jax_is_noted_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    import jax  # type: ignore[import-not-found]

    monkeypatch.setattr(jax.config, "jax_enable_x64", False)
    assert "JAX computes in float32 here" in pulled("ofJax:f", "x=[1,2],y=3")[2][1]


def test_complex_numbers_for_autograd_and_none_for_tensors() -> None:
    assert at("ofAutograd:f", "x=1,y=2")[0].evaluate_complex({"x": 1j, "y": 1.0}) == {"value": -1.0}
    assert at("ofTorch:product", "x=1,y=2")[0].evaluate_complex({"x": 1j, "y": 1.0}) is None
