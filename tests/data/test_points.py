"""Points with files in them, and points that stand in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradcli.data import Place, joined, resolved
from gradcli.errors import FileProblem, PointError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of every test, with a few files."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.json").write_text('{"w": 1, "x": "2*pi", "W": [[1, 2], [3, 4]], "v": ["pi", [2, 0.1]]}')
    (tmp_path / "p.toml").write_text("w = 1\nx = -2.5\n")
    (tmp_path / "empty.json").write_text("{}")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "files.json").write_text('{"x": "@x.txt", "y": "@../y.txt"}')
    (tmp_path / "sub" / "x.txt").write_text("1 2 3")
    (tmp_path / "y.txt").write_text("7")
    return tmp_path


@pytest.mark.parametrize(
    ("texts", "point"),
    [
        ([], None),
        (["", "  "], None),
        (["w=1,x=2"], {"w": "1", "x": "2"}),
        (["w=1", "x=0", "w=2", "w=3"], {"x": "0", "w": "3"}),
        (["@p.json", "x=3"], {"w": 1, "W": [[1, 2], [3, 4]], "v": "[(pi),[2,0.1]]", "x": "3"}),
        (["w=0", "@p.toml"], {"w": 1, "x": -2.5}),
        (["@empty.json"], None),
        (["x₁=1"], {"x1": "1"}),
        (["y=@y.txt,z=1"], {"y": 7.0, "z": "1"}),
    ],
)
def test_later_values_win_and_files_stand_in_order(texts: list[str], point: dict[str, Any] | None) -> None:
    found = joined(texts, Place())
    assert found == point
    assert list(found or ()) == list(point or ())


def test_files_that_a_point_file_names_are_relative_to_it() -> None:
    point = joined(["@sub/files.json"], Place()) or {}
    assert point["x"].tolist() == [1, 2, 3]
    assert point["y"] == 7


def test_a_mapping_has_the_values_of_its_files() -> None:
    point = resolved({"x": "@sub/x.txt", "w": "pi", "y": 1.5}, Place())
    assert isinstance(point, dict)
    assert np.array_equal(point.pop("x"), [1, 2, 3])
    assert point == {"w": "pi", "y": 1.5}


def test_a_table_or_an_archive_is_a_point_with_an_array_for_each_name(here: Path) -> None:
    (here / "t.csv").write_text("x,w\n1,2\n3,4\n")
    np.savez("a.npz", x=[1, 3], w=[2, 4])
    for text in ("@t.csv", "@a.npz", "@-"):
        point = joined([text], Place(stdin=(here / "t.csv").read_bytes)) or {}
        assert {name: value.tolist() for name, value in point.items()} == {"x": [1, 3], "w": [2, 4]}


@pytest.mark.parametrize("text", ["1,2\n3,4\n", "x,w\n1,a\n", "x,w\n"])
def test_a_table_that_is_no_point_is_refused(here: Path, text: str) -> None:
    (here / "t.csv").write_text(text)
    with pytest.raises(FileProblem, match=r"'t.csv'"):
        joined(["@t.csv"], Place())


@pytest.mark.parametrize("given", [None, "x=1,w=2*pi", {"x": 1.0}])
def test_a_point_without_files_stays_as_it_is(given: Any) -> None:
    assert resolved(given, Place()) == given


def test_a_folder_is_where_files_are_looked_for(here: Path) -> None:
    assert resolved({"x": "@x.txt"}, Place(str(here / "sub")))["x"].tolist() == [1, 2, 3]  # type: ignore[index, call-overload, union-attr]
    with pytest.raises(FileProblem, match="there is no file") as caught:
        resolved("x=@none.npy", Place("sub"))
    assert caught.value.hint == "names of files are relative to the folder sub"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("p.json", "{"),
        ("p.json", "[1, 2]"),
        ("p.json", '{"x": true}'),
        ("p.json", '{"x": null}'),
        ("p.json", '{"x": [1, true]}'),
        ("p.json", '{"x": [1, [null]]}'),
        ("p.json", '{"x": [{"y": 1}]}'),
        ("p.json", '{"x": 1, "x": 2}'),
        ("p.json", '{"x y": 1}'),
        ("p.json", '{"x": {"y": 1}}'),
        ("p.json", "[" * 100_000),
        ("p.toml", "x = "),
        ("p.toml", "x = 1\nx = 2"),
        ("p.toml", "x = 2020-01-01"),
        ("p.yaml", "x: 1"),
    ],
)
def test_a_point_file_that_can_not_be_understood_is_refused(here: Path, name: str, text: str) -> None:
    (here / name).write_text(text)
    with pytest.raises(FileProblem) as caught:
        joined([f"@{name}"], Place())
    assert name in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("word", ["x=@", "x=@none.txt", "x=@t.csv:", "x=@-"])
def test_a_file_that_is_not_there_is_refused_with_a_cure(word: str) -> None:
    with pytest.raises(FileProblem) as caught:
        joined([word], Place())
    assert caught.value.hint


def test_what_is_no_value_is_refused_as_before() -> None:
    with pytest.raises(PointError):
        joined(["x=1,5"], Place())
