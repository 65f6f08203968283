"""The answer of `graph` for people: the tree from the outputs down, or the list of nodes, and the branches that were taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_page import branches
from gradcli.rendering.gradient_tree import node_list, tree
from gradcli.rendering.page import BLANK, Block, Screen

if TYPE_CHECKING:
    from gradcli.results import Traced


def graph_page(result: Traced, form: str, screen: Screen, all_nodes: bool) -> str:
    """The page in the form "tree" or "list"."""
    nodes: list[Block] = [*tree(result, screen, all_nodes)] if form == "tree" else node_list(result, screen, all_nodes)
    taken = list(branches(result.branches))
    return emitted([*nodes, *([BLANK] if taken else []), *taken], screen)
