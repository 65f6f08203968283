"""Where functions of the user's stand: modules, files, attributes; and what is said of those that can't be loaded."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy
import pytest

from gradcli.errors import GradcliError, TargetProblem, UsageError
from gradcli.targets.python.addresses import address
from gradcli.targets.python.loading import load
from tests.targets.conftest import Write

LOSSES = """
    scale = 2.0
    nothing = None

    def mse(x):
        return scale*x*x

    def mse_grad(x):
        return 2*scale*x

    class Huber:
        def __init__(self, delta):
            self.delta = delta

        def value(self, x):
            return self.delta*x

        @staticmethod
        def half(x):
            return x/2

    huber = Huber(3.0)
"""


def problem(text: str, folder: Path) -> GradcliError:
    """The error that loading ends in."""
    with pytest.raises((TargetProblem, UsageError)) as caught:
        load(text, folder)
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("losses:mse", 2.0),
        ("losses.py:mse", 2.0),
        ("./losses.py:mse", 2.0),
        (" losses:mse ", 2.0),
        ("losses:Huber.half", 0.5),
        ("losses:huber.value", 3.0),
        ("package.inner:double", 2.0),
        ("package/inner.py:double", 2.0),
        ("math:sqrt", 1.0),
    ],
)
def test_a_function_is_found_by_module_or_by_file(text: str, value: float, write: Write, tmp_path: Path) -> None:
    write("losses.py", LOSSES)
    write("package/__init__.py", "")
    write("package/inner.py", "def double(x): return 2*x")
    assert load(text, tmp_path)(1.0) == value


def test_a_file_and_a_module_of_the_same_file_are_one_module(write: Write, tmp_path: Path) -> None:
    write("losses.py", LOSSES)
    assert load("losses:mse", tmp_path) is load("losses.py:mse", tmp_path)


def test_a_file_imports_what_stands_beside_it(write: Write, tmp_path: Path) -> None:
    write("parts/helping.py", "def helped(x): return 3*x")
    write("parts/main.py", "from helping import helped\ndef f(x): return helped(x)")
    assert load("parts/main.py:f", tmp_path)(1.0) == 3.0


def test_two_folders_may_have_modules_of_one_name(write: Write, tmp_path: Path) -> None:
    for folder, factor in (("a", 2), ("b", 3)):
        write(f"{folder}/losses.py", f"def f(x): return {factor}*x")
    first, second = load("losses:f", tmp_path / "a"), load("losses:f", tmp_path / "b")
    assert (first(1.0), second(1.0)) == (2.0, 3.0)
    assert load("losses:f", tmp_path / "a")(1.0) == 2.0
    assert load("a/losses.py:f", tmp_path)(1.0) == 2.0


def test_modules_that_two_folders_import_are_each_ones_own(write: Write, tmp_path: Path) -> None:
    for folder, factor in (("a", 2), ("b", 3)):
        write(f"{folder}/helping.py", f"factor = {factor}")
        write(f"{folder}/first_{folder}.py", "import helping\ndef f(x): return helping.factor*x")
    assert [load(f"first_{folder}:f", tmp_path / folder)(1.0) for folder in "ab"] == [2.0, 3.0]


def test_a_file_of_a_package_is_a_part_of_it(write: Write, tmp_path: Path) -> None:
    write("src/packaged/__init__.py", "")
    write("src/packaged/parts/__init__.py", "factor = 3")
    write("src/packaged/parts/inner.py", "from . import factor\nfrom packaged.other import shift\ndef f(x): return factor*x + shift")
    write("src/packaged/other.py", "shift = 1")
    assert load("src/packaged/parts/inner.py:f", tmp_path)(1.0) == 4.0


def test_a_folder_does_not_hide_a_library_that_is_loaded(write: Write, tmp_path: Path) -> None:
    write("numpy/__init__.py", "")
    write("losses.py", LOSSES)
    load("losses:mse", tmp_path)
    assert sys.modules["numpy"] is numpy


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("losses", "--python losses names no function", "write losses:FUNCTION"),
        ("losses.py", "--python losses.py names no function", "write losses.py:FUNCTION"),
        ("losses:", "--python losses:: '' is no name of a function", "write MODULE:FUNCTION or path/to/file.py:FUNCTION"),
        (":mse", "--python :mse names no function", "write MODULE:FUNCTION or path/to/file.py:FUNCTION"),
        ("losses.py::mse", "--python losses.py::mse has two colons", "write losses.py:mse"),
        ("sub/losses:mse", "--python sub/losses:mse: 'sub/losses' is no module and no file NAME.py", "write sub/losses.py:mse"),
        (r"C:\losses.py", r"--python C:\losses.py names no function", r"write C:\losses.py:FUNCTION"),
        ("losses:mse(1)", "--python losses:mse(1): 'mse(1)' is no name of a function", "write MODULE:FUNCTION or path/to/file.py:FUNCTION"),
        ("loses:mse", "loses:mse: there is no module 'loses'", "did you mean 'losses:mse'?"),
        ("package.iner:double", "package.iner:double: there is no module 'package.iner'", "did you mean 'package.inner:double'?"),
        ("losses.mse:x", "losses.mse:x: 'losses' is a module, not a package: it has no 'mse' to import", "write losses:mse"),
        ("loses.py:mse", "loses.py:mse: there is no file 'loses.py'", "did you mean 'losses.py:mse'?"),
        ("package/iner.py:double", "package/iner.py:double: there is no file 'package/iner.py'", "did you mean 'package/inner.py:double'?"),
        ("losses:mes", "'losses' has no function 'mes'", "did you mean 'losses:mse'?"),
        ("losses:huber.valu", "'huber' has no function 'valu'", "did you mean 'losses:huber.value'?"),
        ("losses:zzz", "'losses' has no function 'zzz'", "its functions are: Huber, mse, mse_grad"),
        ("losses:scale", "losses:scale is of type float, no function", "its functions are: Huber, mse, mse_grad"),
        ("losses:nothing", "losses:nothing is None, no function", "its functions are: Huber, mse, mse_grad"),
        ("losses:Huber.value", "losses:Huber.value is a method without its object", "write losses:OBJECT.value"),
        ("empty:f", "'empty' has no function 'f'", "it has no function at all"),
    ],
)
def test_a_place_that_is_none_is_refused_with_its_cure(text: str, message: str, hint: str, write: Write, tmp_path: Path) -> None:
    write("losses.py", LOSSES)
    write("package/__init__.py", "")
    write("package/inner.py", "def double(x): return 2*x")
    write("empty.py", "")
    found = problem(text, tmp_path)
    assert (found.message, found.hint) == (message, hint)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("x = 1\nraise ValueError('no data\\nsecond line')", "importing 'broken' raised ValueError: no data (broken.py, line 2)"),
        ("def f(x:", "importing 'broken' raised SyntaxError: '(' was never closed (broken.py, line 1)"),
        ("import sys\nsys.exit(3)", "importing 'broken' ends the program: exit(3) (broken.py, line 2)"),
        ("exit()", "importing 'broken' ends the program: exit() (broken.py, line 1)"),
        (
            "\nimport nothing_of_this_name",
            "importing 'broken' raised ModuleNotFoundError: No module named 'nothing_of_this_name' (broken.py, line 2)",
        ),
        (
            "from . import other",
            "importing 'broken' raised ImportError: attempted relative import with no known parent package (broken.py, line 1)",
        ),
        ("def g():\n    g()\ng()", "importing 'broken' raised RecursionError: maximum recursion depth exceeded (broken.py, line 2)"),
    ],
)
@pytest.mark.parametrize("place", ["broken:f", "broken.py:f"])
def test_a_module_that_can_not_be_imported_is_shown_with_its_line(
    code: str, message: str, place: str, write: Write, tmp_path: Path
) -> None:
    write("broken.py", code)
    home = place.partition(":")[0]
    assert problem(place, tmp_path).message == message.replace("'broken'", f"'{home}'")
    assert "broken" not in sys.modules


def test_a_missing_library_is_looked_for_in_the_python_that_runs(write: Write, tmp_path: Path) -> None:
    write("broken.py", "import nothing_of_this_name")
    assert sys.prefix in str(problem("broken:f", tmp_path).hint)


def test_an_interruption_at_import_goes_through(write: Write, tmp_path: Path) -> None:
    write("broken.py", "raise KeyboardInterrupt")
    with pytest.raises(KeyboardInterrupt):
        load("broken.py:f", tmp_path)


def test_what_a_module_prints_goes_to_standard_error(write: Write, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write("printing.py", "import os\nprint('by print')\nos.write(1, b'by write')\ndef f(x): return x")
    load("printing:f", tmp_path)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "by print" in captured.err
    assert "by write" in captured.err


def test_a_place_on_windows_has_a_drive() -> None:
    place = address(r"C:\code\losses.py:mse", Path())
    assert (place.home, place.module, place.names) == (r"C:\code\losses.py", "losses", ("mse",))
