"""The rows of a check as a grid and the sentences under it: engines with their bounds, claims, slopes, the node at fault."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.numerals import bound_text, digits_text, number_text, size_text
from gradcli.rendering.page import BLANK, Block, Cell, Column, Grid, Line, Piece, columns, line

if TYPE_CHECKING:
    from gradcli.results import Check, ClaimResult, Estimate, Row

EPSILON = 1e-17
"""Relative size below which a bound can't be seen in 17 digits, so that an oracle is shown without it."""


UNSEEN = 1e-200
"""Size below which a bound is not shown even beside a zero."""

HEADINGS = {"complex": "complex step"}
"""What columns of engines are called, where that is not the name of the engine."""

THEIRS = ("gradient", "forward")
"""Columns in which doubles of somebody else stand."""

FEW_ULPS = 8
"""Units in the last place up to which the bound of a double is not shown."""

MOST_NAMES, MARGIN = 4, 12
"""Names that a remark about several rows lists, and columns by which what follows it is indented at most."""

MANY_DIGITS = 6
"""Digits lost from which a row says what that means."""


def row_blocks(check: Check) -> Iterator[Block]:
    """The table of inputs and everything that is said about single inputs."""
    yield engine_grid(check.rows)
    if any(row.claims for row in check.rows):
        yield BLANK
        yield claim_grid(check.rows)
    said = [*remarks_of(check.rows), *engine_notes(check.rows)]
    yield from [BLANK, *said] if said else []


def engine_grid(rows: Sequence[Row]) -> Grid:
    """One row per input: verdict, every engine's answer, and resolution and digits lost where there are any."""
    engines = [name for name in dict.fromkeys(name for row in rows for name in row.engines) if name != "forward" or telling(rows)]
    heads = [Column("input", "heading"), Column("verdict"), *(Column(HEADINGS.get(name, name), number=True) for name in engines)]
    cells: list[list[Cell]] = [engine_cells(row, engines) for row in rows]
    more = ("resolution", list(map(resolution_text, rows)), 1), ("digits lost", list(map(lost_text, rows)), 2)
    for heading, texts, drop in more:
        if any(texts):
            heads.append(Column(heading, "dim", number=True, drop=drop))
            cells = [[*row, text] for row, text in zip(cells, texts, strict=True)]
    if any(row.output is not None for row in rows):
        heads.insert(0, Column("output", "heading"))
        cells = [[row.output or "", *others] for row, others in zip(rows, cells, strict=True)]
    return Grid(heads, cells)


def name_of(row: Row) -> str:
    """What sentences call a row: its input, and the output where there are several."""
    return row.input if row.output is None else f"{row.output} by {row.input}"


def telling(rows: Sequence[Row]) -> bool:
    """Whether forward mode says anything that SymPy's column does not say; where there is none it does."""
    if not any("symbolic" in row.engines for row in rows):
        return True
    pairs = [(row.engines.get("forward"), row.engines.get("symbolic")) for row in rows]
    return any(forward and symbolic and forward.value is not None and forward.value != symbolic.value for forward, symbolic in pairs)


def engine_cells(row: Row, engines: Sequence[str]) -> list[Cell]:
    """Input, verdict and the engines' answers."""
    answers = [answer_text(row.engines.get(name), name) for name in engines]
    return [row.input, (row.verdict, row.verdict), *answers]


def answer_text(estimate: Estimate | None, name: str) -> str:
    """The answer of an engine; doubles that somebody else computed stand without a bound of the usual few units in the last place."""
    if estimate and estimate.value is not None and name in THEIRS and not estimate.error > FEW_ULPS * math.ulp(estimate.value):
        return number_text(estimate.value)
    return estimate_text(estimate, name == "reverse")


def estimate_text(estimate: Estimate | None, bound: bool) -> str:
    """An answer, with its bound where it is asked for or can be seen; a dash where the engine did not answer."""
    if estimate is None or estimate.value is None:
        return "–"
    return bounded_text(estimate) if bound or visible(estimate) else number_text(estimate.value)


def bounded_text(estimate: Estimate | ClaimResult) -> str:
    """An answer as an interval; without digits of its own it is a double."""
    digits = digits_text(estimate.digits) if estimate.digits else number_text(estimate.value)
    return f"{digits} ± {bound_text(estimate.error)}" if math.isfinite(estimate.value or 0) else digits


def visible(estimate: Estimate | ClaimResult) -> bool:
    """Whether the bound is large enough to matter for the digits shown."""
    return estimate.error > max(EPSILON * abs(estimate.value or 0), UNSEEN)


def resolution_text(row: Row) -> str:
    """The smallest error that the row would have caught, if there is one."""
    if row.resolution is None or not math.isfinite(row.resolution):
        return ""
    return f"{size_text(row.resolution)} absolute" if row.absolute else size_text(row.resolution)


def lost_text(row: Row) -> str:
    """How many of float64's digits are gone, if at least one is."""
    return f"{row.digits_lost:.1f}" if row.digits_lost is not None and row.digits_lost >= 1 else ""


def claim_grid(rows: Sequence[Row]) -> Grid:
    """One row per claim."""
    heads = (Column("claim", "heading"), Column("verdict"), Column("value", number=True), Column("basis", below=True))
    return Grid(heads, [claim_row(row, claim) for row in rows for claim in row.claims])


def claim_row(row: Row, claim: ClaimResult) -> Sequence[Cell]:
    """The cells of one claim."""
    value = bounded_text(claim) if claim.value is not None and visible(claim) else number_text(claim.value)
    return f"∂/∂{row.input} = {claim.text}", (claim.verdict, claim.verdict), value, claim.note


def remarks_of(rows: Sequence[Row]) -> Iterator[Line]:
    """What is said about single inputs: what several share once, and the likely mistake of an array at the first of its elements."""
    known: set[tuple[str, str]] = set()
    shared: dict[tuple[Sequence[Piece], ...], list[str]] = {}
    for row in rows:
        mistake = row.input.partition("[")[0], row.likely.rpartition(": ")[0]
        said = tuple(tuple(pieces) for pieces in remarks(row, bool(row.likely) and mistake not in known))
        shared.setdefault(said, []).append(name_of(row))
        known.add(mistake)
    for what, names in shared.items():
        yield from labelled(several(names), what)


def several(names: Sequence[str]) -> str:
    """Names of rows of which the same is said."""
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def labelled(label: str, said: Sequence[Sequence[Piece]]) -> Iterator[Line]:
    """The reason, the likely mistake, the slopes and the node at fault, behind the names that they are about."""
    label = f"{label}  "
    for pieces in said:
        yield line((label, "heading"), *pieces, hang=min(columns(label), 8))
        label = " " * min(columns(label), MARGIN)


def remarks(row: Row, likely: bool) -> Iterator[Sequence[Piece]]:
    """What is said about one input, without what its claims say already."""
    if row.reason and not any(claim.note and claim.note in row.reason for claim in row.claims):
        yield [(row.reason, "" if row.verdict == "agree" else row.verdict)]
    if likely:
        yield [(row.likely, "heading")]
    if row.node:
        yield [("at ", "dim"), (row.node, "heading")]
    slopes = [f"{number_text(slope)} on the {side}" for slope, side in ((row.left, "left"), (row.right, "right")) if slope is not None]
    if slopes and not all(slope in row.reason for slope in slopes):
        yield [("slope ", "dim"), (", ".join(slopes), "")]
    if (row.digits_lost or 0) >= MANY_DIGITS and "digits" not in row.reason:
        cause = "" if row.verdict == "disagree" else ": the rules are right, the formula is unstable"
        yield [(f"rounding takes {row.digits_lost:.1f} of float64's 16 digits here{cause}", "dim")]


def engine_notes(rows: Sequence[Row]) -> Iterator[Line]:
    """What engines say about their answers, each sentence once, with the inputs that it is about; one-sided slopes stand above."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for name, estimate in row.engines.items():
            if estimate.note and not (name == "difference" and row.left is not None):
                found.setdefault((name, estimate.note), []).append(name_of(row))
    for (name, note), inputs in found.items():
        about = "" if len(inputs) == len(rows) else f" ({', '.join(inputs)})"
        yield line((f"{name}{about}: {note}", "dim"), hang=2)
