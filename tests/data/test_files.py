"""Numbers in files: every format gives the numbers that were written, and every fault has a place and a cure."""

from __future__ import annotations

import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradcli import files
from gradcli.data import Place
from gradcli.errors import BudgetExceeded, FileProblem


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of every test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def value(word: str, stdin: bytes = b"") -> Any:
    return Place(stdin=lambda: stdin).value(word)


def same(found: Any, wanted: Any) -> bool:
    wanted = np.asarray(wanted, float)
    return np.shape(found) == wanted.shape and np.array_equal(found, wanted, equal_nan=True)


def fault(word: str, stdin: bytes = b"") -> FileProblem:
    with pytest.raises(FileProblem) as caught:
        value(word, stdin)
    assert caught.value.hint
    return caught.value


# NumPy's files


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", ">f8", "int8", "int64", "uint16"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,), (2, 0, 3)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_an_npy_file_is_its_array_as_doubles(dtype: str, shape: tuple[int, ...], order: Any) -> None:
    array = np.asarray(np.arange(math.prod(shape)).reshape(shape) * 3 % 7, dtype, order=order)
    np.save("a.npy", array)
    found = value("@a.npy")
    assert same(found, array)
    assert isinstance(found, float) if shape == () else found.dtype == np.float64


def test_single_precision_becomes_double_without_a_change() -> None:
    np.save("a.npy", np.float32([0.1, 1e-45, 3.4e38]))
    assert value("@a.npy").tolist() == [float(np.float32(0.1)), float(np.float32(1e-45)), float(np.float32(3.4e38))]


@pytest.mark.parametrize("array", [np.array([None, 1.0]), np.array([{}]), np.array(object())])
def test_pickles_are_refused_and_never_loaded(array: Any) -> None:
    np.save("a.npy", array, allow_pickle=True)
    assert "pickled Python objects, which are never loaded" in fault("@a.npy").message
    np.savez("a.npz", a=array)
    assert "pickled Python objects, which are never loaded" in fault("@a.npz").message


@pytest.mark.parametrize(
    "array", [np.array([True]), np.array([1j]), np.array(["1"]), np.array([(1, 2.0)], "i4,f8"), np.ones(2, np.longdouble)]
)
def test_elements_that_are_no_doubles_are_refused(array: Any) -> None:
    np.save("a.npy", array)
    assert "has elements of the type" in fault("@a.npy").message


def test_whole_numbers_that_are_no_doubles_are_refused() -> None:
    np.save("a.npy", np.array([2**53, -(2**53)]))
    assert same(value("@a.npy"), [2**53, -(2**53)])
    for number in (2**53 + 1, -(2**63)):
        np.save("a.npy", np.array([number]))
        assert "beyond 2**53" in fault("@a.npy").message


def test_a_header_can_not_ask_for_more_than_the_file_has(here: Path) -> None:
    np.save("a.npy", np.ones(4))
    data = (here / "a.npy").read_bytes()
    (here / "a.npy").write_bytes(data.replace(b"(4,), }            ", b"(10000000000000,), }"))
    assert "cut short" in fault("@a.npy").message
    (here / "a.npy").write_bytes(data[:-1])
    assert "cut short" in fault("@a.npy").message


@pytest.mark.parametrize(
    "data", [b"", b"x", b"\x93NUMPY", b"\x93NUMPY\x01\x00\x05\x00nonsense", b"\x93NUMPY\x09\x00\x05\x00nonsense", b"PK"]
)
@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.NPY"])
def test_bytes_that_are_no_array_are_refused(here: Path, name: str, data: bytes) -> None:
    (here / name).write_bytes(data)
    assert f"'{name}' is no " in fault(f"@{name}").message


def test_an_npz_file_has_arrays_by_key() -> None:
    np.savez_compressed("a.npz", w=np.eye(2), x=np.arange(3))
    assert same(value("@a.npz:w"), np.eye(2))
    assert same(value("@a.npz:x"), [0, 1, 2])
    assert fault("@a.npz").message == "which array of 'a.npz'? it has w, x"
    assert fault("@a.npz").hint == "write @a.npz:w"
    assert fault("@a.npz:wv").hint == "did you mean 'w'?"
    np.savez("one.npz", only=np.arange(3))
    assert same(value("@one.npz"), [0, 1, 2])


def test_an_array_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed("a.npz", w=np.zeros(10_000))
    monkeypatch.setattr(files, "LIMIT", 10_000)
    with pytest.raises(BudgetExceeded, match=r"'w.npy' in 'a.npz' has more than"):
        value("@a.npz:w")


def test_a_damaged_npz_file_is_refused(here: Path) -> None:
    np.savez_compressed("a.npz", w=np.arange(1000.0))
    data = bytearray((here / "a.npz").read_bytes())
    data[100:110] = b"0123456789"
    (here / "a.npz").write_bytes(bytes(data))
    assert "is no .npz file that can be read" in fault("@a.npz:w").message
    with zipfile.ZipFile("empty.npz", "w"):
        pass
    assert fault("@empty.npz").message == "which array of 'empty.npz'? it has none"


# tables


@pytest.mark.parametrize(
    "text", ["x,w\n1,2\n3,4\n", 'x , "w"\r\n1, 2\r\n\r\n"3",4', "x;w\n1;2\n3;4", "\n\nx\tw\n1\t2\n3\t4\n", "\ufeffx,w\n1,2\n3,4"]
)
def test_a_column_of_a_table_by_name_and_by_number(here: Path, text: str) -> None:
    (here / "t.csv").write_text(text, encoding="utf-8")
    for word in ("@t.csv:w", "@t.csv:2", "@t.csv: w "):
        assert same(value(word), [2, 4])


def test_a_table_without_names_has_numbers_for_its_columns(here: Path) -> None:
    (here / "t.csv").write_text("1,nan\n-inf,4e-3\n")
    assert same(value("@t.csv:1"), [1, -math.inf])
    assert same(value("@t.csv"), [[1, math.nan], [-math.inf, 4e-3]])
    assert fault("@t.csv:x").hint == "its first line has no names: give a number, 1 to 2"


def test_an_only_column_needs_no_name(here: Path) -> None:
    (here / "t.csv").write_text("x\n1\n2\n")
    (here / "u.csv").write_text("1\n2\n")
    assert same(value("@t.csv"), [1, 2])
    assert same(value("@u.csv"), [1, 2])


def test_a_column_may_be_called_like_anything(here: Path) -> None:
    (here / "t.csv").write_text('"a:b",2,x y\n1,2,3\n')
    assert same(value("@t.csv:a:b"), [1])
    assert same(value("@t.csv:x y"), [3])
    assert same(value("@t.csv:2"), [2])


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("x,w\n1,2\n", None, "which column of 't.csv'? It has x, w", "write @t.csv:x"),
        ("width,height\n1,2\n", "widht", "'t.csv' has no column 'widht'", "did you mean 'width'?"),
        ("x,w\n1,2\n", "3", "'t.csv' has no column '3'", "its columns are x, w"),
        ("x,w\n1,2\n", "0", "'t.csv' has no column '0'", "its columns are x, w"),
        ("x,x\n1,2\n", "x", "'t.csv' has 2 columns 'x'", "give the number of one of them, 1 to 2"),
        ("x,w\n1,2\n3,abc\n", "w", "'t.csv':3: 'abc' in column 'w' is no number", "numbers are written"),
        ("x,w\n1,2\n3,1_0\n", "w", "'t.csv':3: '1_0' in column 'w' is no number", "numbers are written"),
        ('x,w\n"1\n",2\n\n3,\n', "w", "'t.csv':5: the cell in column 'w' is empty", "write nan"),
        ("x,w\n1,2\n3\n", "w", "'t.csv':3: the cell in column 'w' is empty", "write nan"),
        ("x;w\n1,5;2\n", "x", "'t.csv':2: '1,5' in column 'x' is no number", "a decimal point"),
        ("x\n1e999\n", "x", "'t.csv':2: '1e999' in column 'x' is larger than the largest double", "inf"),
        ("x,w\n", "x", "'t.csv' has no rows of numbers", "a line with names"),
        ("", "x", "'t.csv' has no rows of numbers", "a line with names"),
    ],
)
def test_what_is_wrong_with_a_table_has_file_line_and_column(here: Path, text: str, column: str | None, message: str, hint: str) -> None:
    (here / "t.csv").write_text(text)
    found = fault("@t.csv" if column is None else f"@t.csv:{column}")
    assert found.message.startswith(message)
    assert hint in str(found.hint)


# numbers separated by blanks


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("3\n", 3.0),
        ("1 2 3", [1, 2, 3]),
        ("1\n2\n3\n", [1, 2, 3]),
        ("# numbers\n1 2 # of a row\n\n3\t4\n", [[1, 2], [3, 4]]),
        ("\ufeff1e-3 -inf nan", [1e-3, -math.inf, math.nan]),
    ],
)
def test_values_are_numbers_vectors_and_matrices(here: Path, text: str, wanted: Any) -> None:
    (here / "v.txt").write_text(text, encoding="utf-8")
    assert same(value("@v.txt"), wanted)
    assert same(value("@-", text.encode()), wanted)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("1 2\n3\n", "'v.txt':2: this line has 1 numbers, line 1 has 2", "one length"),
        ("1\n2 x\n", "'v.txt':2: this line has 2 numbers, line 1 has 1", "one length"),
        ("1 2\n3 x\n", "'v.txt':2: 'x' is no number", "numbers are written"),
        ("1,2,3", "'v.txt':1: '1,2,3' is no number", "@-:1 from a pipe"),
        ("# nothing\n", "'v.txt' has no numbers", "separated by blanks"),
    ],
)
def test_what_is_wrong_with_values_has_file_and_line(here: Path, text: str, message: str, hint: str) -> None:
    (here / "v.txt").write_text(text)
    found = fault("@v.txt")
    assert found.message == message
    assert hint in str(found.hint)


def test_a_pipe_may_carry_a_table() -> None:
    assert same(value("@-:w", b"x,w\n1,2\n3,4\n"), [2, 4])
    assert "'<stdin>'" not in fault("@-:v", b"x,w\n1,2\n").message


def test_the_numbers_of_an_answer_read_back_as_they_were(here: Path) -> None:
    from gradcli.rendering.gradient_values import bare_rows

    for shape in ((5,), (3, 4)):
        array = np.random.default_rng(1).normal(size=shape) * 1e-200
        (here / "v.txt").write_text("".join(f"{row}\n" for row in bare_rows(array)))
        assert same(value("@v.txt"), array)
