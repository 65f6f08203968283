"""Where nodes stand in the source: the texts and places of many nodes, found in one pass over the program.

A node finds its own place by a pass of its own, which a program of 10^5 terms can afford for one node, but not for all. Texts are cut,
because the nodes of a sum of n terms have n²/2 characters of source between them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from gradcli.errors import Span
    from gradcli.graphs import Graph

TEXT = 200
"""Characters of a node's source text that any format shows; a longer one is cut in the middle."""


class Place(NamedTuple):
    """A node's piece of the source, cut to TEXT characters, with line and column from 1 (0 for a constant)."""

    text: str
    line: int
    column: int


Places: TypeAlias = Mapping[int, Place]


def places(graph: Graph, ids: Iterable[int]) -> Places:
    """The places of some nodes by id."""
    nodes = list(dict.fromkeys(ids))
    computed = [i for i in nodes if i >= 0]
    source = graph.source
    spans = source.spans([graph.origin[i] for i in computed])
    lines = line_starts(source.text)
    found = {i: place(source.text, span, lines) for i, span in zip(computed, spans, strict=True)}
    return found | {i: Place(graph.node(i).text, 0, 0) for i in nodes if i < 0}


def place(text: str, span: Span, lines: Sequence[int]) -> Place:
    """The piece between two offsets, of which no more is copied than is shown."""
    start, end = span
    line = bisect_right(lines, start)
    half = TEXT // 2
    piece = text[start:end] if end - start <= TEXT else f"{text[start : start + half]}…{text[end - half + 1 : end]}"
    return Place(piece, line, start - lines[line - 1] + 1)


def line_starts(text: str) -> list[int]:
    """The offset of every line."""
    starts = [0]
    while (end := text.find("\n", starts[-1])) >= 0:
        starts.append(end + 1)
    return starts
