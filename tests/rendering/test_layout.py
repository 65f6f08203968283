"""Grids and lines on screens of any width."""

from __future__ import annotations

import pytest

from gradcli.rendering.aligned import aligned, flowing
from gradcli.rendering.emitting import emitted
from gradcli.rendering.layout import fitted, folded
from gradcli.rendering.page import Column, Grid, Screen, clean, line, shortened

PIPE = Screen(False, 80, False)


def test_a_line_wraps_between_words_and_never_in_one() -> None:
    words = line(("label  ", "dim"), "some words and 0.30000000000000004 in a row", hang=7)
    rows = flowing(words, Screen(True, 20, False))
    assert rows == ["label  some words", "       and", "       0.30000000000000004", "       in a row"]
    assert flowing(words, PIPE) == ["label  some words and 0.30000000000000004 in a row"]


def test_wide_and_combining_letters_keep_the_columns() -> None:
    grid = Grid((Column("name"), Column("value", number=True)), [("x̄", "1"), ("変数", "22"), ("x", "333")])
    assert aligned(grid, PIPE) == ["name  value", "x̄         1", "変数     22", "x       333"]


def test_control_characters_do_not_reach_the_screen() -> None:
    assert clean("a\x1b[31m\n\u202eb\ud800", False) == "a [31m  b "


@pytest.mark.parametrize(
    ("text", "limit", "short"), [("abcdefgh", 8, "abcdefgh"), ("abcdefghi", 8, "abcd…ghi"), ("abc", 2, "a…"), ("abc", 1, "…")]
)
def test_a_text_is_shortened_in_the_middle(text: str, limit: int, short: str) -> None:
    assert shortened(text, limit) == short


def test_text_is_folded_at_spaces_and_never_in_a_number() -> None:
    assert list(folded("∂/∂y = -1.1312043851", 14)) == ["∂/∂y =", "-1.1312043851"]
    assert list(folded("exp(x*log(2))*log(2.25e-10)", 14)) == ["exp(x*log(2))*", "log(2.25e-10)"]
    assert list(folded("x-1.1312043851", 12)) == ["x-", "1.1312043851"]
    assert list(folded("a" * 30, 14)) == ["a" * 14, "a" * 14, "aa"]
    assert list(folded("", 14)) == [""]
    assert list(folded("   identifier_x", 12)) == ["identifier_x"]


def test_a_column_that_does_not_fit_stands_below() -> None:
    grid = Grid((Column("id"), Column("n", number=True), Column("why", below=True)), [("a", "1", "one two three four"), ("b", "2", "")])
    assert emitted([grid], Screen(True, 40, False)).count("why") == 1
    narrow = emitted([grid], Screen(True, 24, False))
    assert "why" not in narrow
    assert narrow.endswith("╯\na  one two three four\n")


def test_columns_leave_in_their_order_and_numbers_stay() -> None:
    grid = Grid(
        (Column("id"), Column("note", drop=2), Column("n", number=True), Column("other", drop=1)), [("0", "note", "1" * 20, "other")]
    )
    assert [getattr(fitted(grid, width), "dropped", None) for width in (60, 40, 32, 20)] == [[], ["other"], ["other", "note"], None]


@pytest.mark.parametrize("rows", [0, 1, 500])
def test_a_grid_of_any_size_can_be_shown(rows: int) -> None:
    grid = Grid((Column("id"), Column("n", number=True)), [(str(i), "1") for i in range(rows)])
    for screen in (PIPE, Screen(True, 80, True), Screen(True, 4, True)):
        assert emitted([grid], screen).count("\n") >= rows


def test_a_list_that_is_too_wide_for_the_terminal_wraps_line_by_line() -> None:
    grid = Grid((Column("name"), Column("value")), [("a", "one two three"), ("long", "four")], headed=False)
    assert emitted([grid], Screen(True, 40, False)) == "a     one two three\nlong  four\n"
    assert emitted([grid], Screen(True, 12, False)) == "a  one two\n    three\nlong  four\n"
    assert emitted([grid], Screen(False, 12, False)) == "a     one two three\nlong  four\n"


def test_a_line_breaks_before_a_piece_that_follows_spaces() -> None:
    pieces = line(("  at ", "dim"), "x = 1", ("   value ", "dim"), "0.30000000000000004", hang=5)
    assert flowing(pieces, Screen(True, 24, False)) == ["  at x = 1   value", "     0.30000000000000004"]
