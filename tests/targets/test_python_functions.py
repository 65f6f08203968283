"""Functions in Python as targets: how arguments reach them, what they may return, and what is said of those that can't be used."""

from __future__ import annotations

import ctypes
import os
import sys
import warnings
from collections import namedtuple
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy

from gradcli.errors import GradcliError, MissingValue, PointError, TargetProblem, UsageError
from gradcli.language.points import point
from gradcli.targets.python import functions
from gradcli.targets.python.answers import RETURN
from gradcli.targets.python.callee import Callee
from gradcli.targets.python.functions import PythonFunction, python_function
from tests.targets.conftest import Write


def evaluated(function: Callable[..., Any], at: str, **options: Any) -> Mapping[str, Any]:
    """The outputs of a function at a point."""
    target = python_function(function, **options)
    return target.evaluate(target.prepared(point(at)))


def refused(function: Callable[..., Any], at: str = "x=2", **options: Any) -> GradcliError:
    """The error that calling a function ends in."""
    with pytest.raises(TargetProblem) as caught:
        evaluated(function, at, **options)
    return caught.value


class TestArguments:
    """Values reach parameters by name."""

    @pytest.mark.parametrize(
        "function",
        [
            lambda x, y: x - 2 * y,
            lambda x, /, y: x - 2 * y,
            lambda x, *, y: x - 2 * y,
            lambda *, y, x: x - 2 * y,
            lambda y, x: x - 2 * y,
            lambda **values: values["x"] - 2 * values["y"],
            lambda x, **values: x - 2 * values["y"],
            lambda *values: values[0] - 2 * values[1],
            lambda x, *values: x - 2 * values[0],
            lambda x, n=3, y=5.0: x - 2 * y + (n - 3),
            lambda x, unused=None, *, y: x - 2 * y,
        ],
    )
    def test_by_name_whatever_the_kind_of_the_parameter(self, function: Callable[..., Any]) -> None:
        assert evaluated(function, "x=10,y=3") == {"value": 4.0}

    def test_a_function_without_signature_gets_them_in_the_order_of_the_point(self) -> None:
        assert evaluated(max, "b=1,a=3") == {"value": 3.0}

    def test_scalars_are_floats_and_arrays_are_arrays_of_float64(self) -> None:
        seen = []
        evaluated(lambda x, v: seen.append((type(x), type(v), v.dtype, v.flags.writeable)) or 1.0, "x=1,v=[1,2]")  # type: ignore[func-returns-value]
        assert seen[:1] == [(float, np.ndarray, np.float64, True)]

    def test_float_defaults_are_inputs_and_others_stay_the_functions_own(self) -> None:
        def function(x, a=2.0, n=3, mode="fast", v=np.ones(2), flag=True, k: float = 4):  # type: ignore[no-untyped-def]  # noqa: B008
            assert (type(n), mode, flag) == (int, "fast", True)
            return x + a + n + v.sum() + k

        target = python_function(function)
        at = target.prepared({"x": 1.0})
        assert list(at) == ["x", "a", "v", "k"]
        assert target.inputs == ("x", "a", "v", "k")
        assert target.evaluate(at) == {"value": 12.0}

    def test_whole_numbers_stay_whole_where_they_are_wanted(self) -> None:
        def by_annotation(x: float, n: int) -> float:
            return x * len(range(n))

        assert evaluated(by_annotation, "x=2,n=3") == {"value": 6.0}
        assert evaluated(lambda x, n=1: x * len(range(n)), "x=2,n=3") == {"value": 6.0}

    def test_missing_and_superfluous_names_are_refused(self) -> None:
        target = python_function(lambda weight, x: weight * x)
        with pytest.raises(MissingValue, match="no value for 'weight', 'x'"):
            target.prepared({})
        with pytest.raises(PointError, match="no input 'weigt'") as caught:
            target.prepared({"weigt": 1.0})
        assert caught.value.hint == "did you mean 'weight'?"

    @pytest.mark.parametrize("at", ["x=[1,2]", "x=[nan,2]", "x=[[1],[2]]"])
    def test_a_function_that_changes_an_argument_is_refused(self, at: str) -> None:
        def function(x):  # type: ignore[no-untyped-def]
            x *= 2
            return x.sum()

        assert "changes its argument 'x' at x = [" in refused(function, at).message

    def test_a_function_may_write_what_was_there(self) -> None:
        def function(x):  # type: ignore[no-untyped-def]
            x[:] = x
            return x.sum()

        assert evaluated(function, "x=[1,nan]").keys() == {"value"}


class TestValues:
    """What a function may return."""

    @pytest.mark.parametrize(
        "value",
        [
            2,
            2.0,
            np.float64(2),
            np.int64(2),
            np.float32(2),
            np.array(2.0),
            Fraction(2),
            Decimal(2),
            sympy.Integer(2),
            sympy.Float(2),
            2 + 0j,
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_every_real_number_is_a_float(self, value: Any) -> None:
        found = evaluated(lambda x: value, "x=1")["value"]
        assert (type(found), found) == (float, 2.0)

    @pytest.mark.parametrize(
        "value",
        [[1, 2], [1.0, np.float64(2)], np.array([1, 2]), [Fraction(1), 2], np.array([1, 2], np.float32), [np.array(1.0), 2], range(1, 3)],
        ids=lambda value: type(value).__name__,
    )
    def test_a_list_is_an_array(self, value: Any) -> None:
        found = evaluated(lambda x: value, "x=1")["value"]
        assert found.dtype == np.float64
        assert found.tolist() == [1.0, 2.0]
        assert not found.flags.writeable

    def test_what_has_an_array_is_one(self) -> None:
        class Series:
            def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
                return np.array([1.0, 2.0])

        assert evaluated(lambda x: Series(), "x=1")["value"].tolist() == [1.0, 2.0]

    def test_a_sparse_matrix_is_an_array(self) -> None:
        class Sparse:
            __module__ = "scipy.sparse"

            def toarray(self) -> Any:
                return np.eye(2)

        assert evaluated(lambda x: Sparse(), "x=1")["value"].tolist() == [[1.0, 0.0], [0.0, 1.0]]

    def test_an_async_function_is_refused(self) -> None:
        async def function(x: float) -> float:
            return x

        assert refused(function).hint == "async functions are not called: name a function that waits for it"

    def test_several_outputs_have_names(self) -> None:
        pair = namedtuple("pair", "mean spread")
        assert evaluated(lambda x: (x, x + 1, x + 2), "x=1") == {"out[0]": 1.0, "out[1]": 2.0, "out[2]": 3.0}
        assert evaluated(lambda x: {"a": x, "b": 2}, "x=1") == {"a": 1.0, "b": 2.0}
        assert evaluated(lambda x: pair(x, 2), "x=1") == {"mean": 1.0, "spread": 2.0}
        assert evaluated(lambda x: (x,), "x=1") == {"value": 1.0}

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
    def test_what_is_not_finite_is_an_answer(self, value: float) -> None:
        assert repr(evaluated(lambda x: value, "x=1")["value"]) == repr(value)

    def test_a_buffer_that_the_function_uses_again_is_copied(self) -> None:
        buffer = np.zeros(2)

        def function(x: Any) -> Any:
            buffer[:] = x
            return buffer

        target = python_function(function)
        first, second = target.evaluate({"x": 1.0}), target.evaluate({"x": 2.0})
        assert (first["value"].tolist(), second["value"].tolist()) == ([1.0, 1.0], [2.0, 2.0])  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("value", "message", "hint"),
        [
            (None, "None", "is a return missing?"),
            (True, "a truth value, True", RETURN),
            (np.bool_(True), "a truth value, True", RETURN),
            (np.array([True]), "truth values", RETURN),
            ("two", "a text, 'two'", RETURN),
            (["a"], "something that is no number: list", RETURN),
            ([1, [2, 3]], "something that is no number: list, whose rows have different lengths", RETURN),
            (1j, "a complex number, 1j", "derivatives of real functions are checked"),
            (np.array([1, 1 + 2j]), "a complex number, (1+2j)", "derivatives of real functions are checked"),
            ((i for i in [1]), "something that is no number: generator", "is yield meant to be return?"),
            (len, "something that is no number: builtin_function_or_method", RETURN),
            (object(), "something that is no number: object", RETURN),
            (sympy.Symbol("y"), "something that is no number: Symbol", RETURN),
            (10**400, "something that is no number: int, which is larger than every float", RETURN),
        ],
        ids=lambda value: str(value)[:20],
    )
    def test_what_is_no_number_is_refused_in_words(self, value: Any, message: str, hint: str) -> None:
        found = refused(lambda x: value)
        assert found.message.endswith(f"returned {message} at x = 2")
        assert found.hint == hint

    def test_a_part_that_is_no_number_is_named(self) -> None:
        assert "returned as 'b' None" in refused(lambda x: {"a": x, "b": None}).message
        assert "returned (), which has no number" in refused(lambda x: ()).message

    def test_a_shape_that_changes_between_calls_is_refused(self) -> None:
        target = python_function(lambda x: [x] * int(x))
        target.evaluate({"x": 2.0})
        with pytest.raises(TargetProblem, match=r"returned an array of shape \(2,\) before, and now an array of shape \(3,\)"):
            target.evaluate({"x": 3.0})

    def test_single_precision_is_noted(self) -> None:
        target = python_function(lambda x: np.float32(x))
        target.evaluate({"x": 2.0})
        assert [note.partition(" ")[2] for note in target.notes] == ["answers in float32"]
        assert target.epsilon == 2.0**-23


class TestFaults:
    """Exceptions of the user's code."""

    @pytest.mark.parametrize(
        ("body", "message"),
        [
            ("return 1/(x - x)", "raised ZeroDivisionError: float division by zero (losses.py, line 2) at x = 2"),
            ("import math; return math.log(-x)", "raised ValueError: "),
            ("import sys; sys.exit('bye')", "ends the program: exit('bye') (losses.py, line 2) at x = 2"),
            ("raise type('Stop', (BaseException,), {})", "raised Stop (losses.py, line 2) at x = 2"),
            ("import os; os._exit(0)", "ends the program: exit(0) (losses.py, line 2) at x = 2"),
            ("exit()", "ends the program: exit() (losses.py, line 2) at x = 2"),
            ("return f(x)", "raised RecursionError: maximum recursion depth exceeded"),
            ("raise MemoryError", "raised MemoryError (losses.py, line 2) at x = 2"),
            ("raise KeyError('w')", "raised KeyError: 'w' (losses.py, line 2) at x = 2"),
            ("raise ValueError('line one:\\nline two\\nline three')", "raised ValueError: line one: line two (losses.py, line 2) at x = 2"),
            ("import json; json.loads('{')", "raised JSONDecodeError: Expecting property name"),
        ],
    )
    def test_an_exception_is_told_with_the_users_line_and_the_point(self, body: str, message: str, write: Write) -> None:
        write("losses.py", f"def f(x):\n    {body}\n")
        with pytest.raises(TargetProblem) as caught:
            python_function("losses.py:f").evaluate({"x": 2.0})
        assert caught.value.message.startswith(f"losses.py:f {message}")
        assert "(losses.py, line 2)" in caught.value.message

    def test_an_interruption_goes_through(self) -> None:
        def function(x: float) -> float:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            python_function(function).evaluate({"x": 1.0})

    def test_warnings_are_neither_shown_nor_errors(self) -> None:
        def function(x: Any) -> Any:
            warnings.warn("careful", stacklevel=1)
            return np.log(x - x)

        assert evaluated(function, "x=[1,2]")["value"].tolist() == [-np.inf, -np.inf]

    def test_what_a_function_prints_goes_to_standard_error(self, write: Write, capfd: pytest.CaptureFixture[str]) -> None:
        write("losses.py", "import os\ndef f(x):\n    print('by print')\n    os.write(1, b'by write')\n    return x\n")
        assert python_function("losses:f").evaluate({"x": 2.0}) == {"value": 2.0}
        captured = capfd.readouterr()
        assert captured.out == ""
        assert {"by print", "by write"} <= set(captured.err.replace("by write", "by write\n").splitlines())

    @pytest.mark.skipif(sys.platform == "win32", reason="C's printf is found by other means there")
    def test_what_code_in_c_prints_goes_to_standard_error(self, write: Write, capfd: pytest.CaptureFixture[str]) -> None:
        write("losses.py", "import ctypes\ndef f(x):\n    ctypes.CDLL(None).printf(b'by C')\n    return x\n")
        python_function("losses:f").evaluate({"x": 2.0})
        ctypes.CDLL(None).fflush(None)
        captured = capfd.readouterr()
        assert (captured.out, captured.err) == ("", "by C")

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
    def test_a_child_that_ends_at_once_ends(self, write: Write) -> None:
        code = """
            import os
            def f(x):
                child = os.fork()
                if child == 0:
                    os._exit(7)
                return x + os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        """
        write("losses.py", code)
        assert python_function("losses:f").evaluate({"x": 2.0}) == {"value": 9.0}

    def test_a_function_of_the_users_program_prints_where_it_likes(self, capsys: pytest.CaptureFixture[str]) -> None:
        python_function(lambda x: print("here") or x).evaluate({"x": 2.0})  # type: ignore[func-returns-value]
        assert capsys.readouterr().out == "here\n"

    def test_what_is_no_function_is_refused(self) -> None:
        with pytest.raises(UsageError, match="a function is expected, not float"):
            python_function(2.0)  # type: ignore[arg-type]
        with pytest.raises(TargetProblem, match="is a class, no function"):
            python_function(dict)


class TestGradients:
    """Where the gradient comes from."""

    def of(self, *arguments: Any, at: str = "x=2,y=3", **options: Any) -> tuple[PythonFunction, Mapping[Any, Any]]:
        target = python_function(*arguments, **options)
        return target, target.jacobian(target.prepared(point(at)))

    @pytest.mark.parametrize(
        "gradient",
        [
            lambda x, y: (y, x),
            lambda y, x: {"x": y, "y": x},
            lambda y, x: (y, x),
            lambda x, y, scale=1: [y, x],
            lambda **values: {"x": values["y"], "y": values["x"]},
            lambda a, b: (b, a),
        ],
    )
    def test_a_second_function_takes_its_arguments_by_name(self, gradient: Callable[..., Any]) -> None:
        assert self.of(lambda x, y: x * y, gradient)[1] == {("value", "x"): 3.0, ("value", "y"): 2.0}

    def test_a_gradient_may_take_fewer_inputs_and_answer_for_fewer(self) -> None:
        assert self.of(lambda x, y: 2 * x + y, lambda x: 2.0)[1] == {("value", "x"): 2.0}
        assert self.of(lambda x, y: 2 * x + y, lambda x, y: {"y": 1})[1] == {("value", "y"): 1.0}
        assert self.of(lambda x, y: 2 * x + y, lambda x, y: (None, 1.0))[1] == {("value", "y"): 1.0}
        assert self.of(lambda x, y, eps=0.1: 2 * x + y, lambda x, y: (2, 1))[1] == {("value", "x"): 2.0, ("value", "y"): 1.0}

    def test_an_array_is_for_the_inputs_that_are_asked_for(self) -> None:
        assert self.of(lambda x, y: x * y, lambda x, y: [x], wrt=["y"])[1] == {("value", "y"): 2.0}

    def test_a_gradient_of_other_names_is_refused(self) -> None:
        with pytest.raises(TargetProblem, match="takes 'z', which is no input of"):
            self.of(lambda x, y: x * y, lambda x, z: (z, x))

    def test_value_and_gradient_of_one_call_cost_one_call(self) -> None:
        calls = []

        def function(x: float, y: float) -> tuple[float, tuple[float, float]]:
            calls.append((x, y))
            return x * y, (y, x)

        target = python_function(function, value_and_grad=True)
        at = target.prepared({"x": 2.0, "y": 3.0})
        assert target.evaluate(at) == {"value": 6.0}
        assert target.jacobian(at) == {("value", "x"): 3.0, ("value", "y"): 2.0}
        assert calls == [(2.0, 3.0)]
        target.jacobian(at)
        assert len(calls) == 2, "a second gradient at the point is asked for anew: it may differ"

    @pytest.mark.parametrize("answer", [2.0, None, (1.0, 2.0, 3.0)])
    def test_an_answer_that_is_no_pair_is_refused(self, answer: Any) -> None:
        assert "not the pair (value, gradient)" in refused(lambda x: answer, value_and_grad=True).message

    @pytest.mark.parametrize(
        "function",
        [lambda x: (x.sum(), np.ones(2)), lambda x: (1.0, {"x": np.ones(2)}), lambda x: (1.0, [1.0, 1.0]), lambda x: (1.0, (np.ones(2),))],
    )
    def test_a_pair_that_nobody_announced_gets_the_option_as_its_cure(self, function: Callable[..., Any]) -> None:
        found = refused(function, "x=[1,2]")
        assert found.hint == "say so with --value-and-grad"

    def test_two_sources_of_the_gradient_are_refused(self) -> None:
        with pytest.raises(UsageError, match="--gradient names another one"):
            python_function(lambda x: x, lambda x: 1, value_and_grad=True)

    def test_a_function_alone_offers_no_derivative(self) -> None:
        assert python_function(lambda x: x).derivatives == frozenset()


class TestComplex:
    """Functions of complex numbers, for the complex step."""

    def test_functions_that_take_complex_numbers_are_known(self) -> None:
        at = {"x": 1 + 1j, "v": np.array([1j, 2])}
        assert python_function(lambda x, v: x * x + v[0]).evaluate_complex(at) == {"value": 3j}

    @pytest.mark.parametrize(
        "function",
        [lambda x: float(x), lambda x: "text", lambda x: x > 0, lambda x: np.asarray(x, float), lambda x: np.array([x]).astype(float)],
    )
    def test_others_take_none(self, function: Callable[..., Any]) -> None:
        assert python_function(function).evaluate_complex({"x": 1 + 1j}) is None

    def test_an_answer_that_raises_when_it_is_read_is_no_complex_number(self) -> None:
        class Answer:
            def __array__(self, *_: Any, **__: Any) -> Any:
                raise RuntimeError("no array")

        assert python_function(lambda x: Answer()).evaluate_complex({"x": 1 + 1j}) is None

    @pytest.mark.parametrize(("owner", "name"), [(Callee, "arguments"), (functions, "parts_of_any"), (PythonFunction, "split")])
    @pytest.mark.parametrize("fault", [TypeError, ValueError])
    def test_a_fault_of_gradcli_is_no_answer(self, owner: Any, name: str, fault: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: Any) -> None:
            raise fault("ours")

        monkeypatch.setattr(owner, name, broken)
        with pytest.raises(fault, match="ours"):
            python_function(lambda x: (x, 1.0), value_and_grad=True).evaluate_complex({"x": 1 + 1j})


def test_the_words_of_the_command_that_calls_it_again(write: Write) -> None:
    write("losses.py", "def f(x): return x\ndef g(x): return 1")
    assert python_function("losses:f", "losses:g").options == ("--python", "losses:f", "--gradient", "losses:g")
    assert python_function("losses:f", value_and_grad=True).options == ("--python", "losses:f", "--value-and-grad")
    assert python_function(sys.intern).options == ()
