"""The computational graph, in columns, and views of its nodes."""

from gradcli.graphs.graph import Graph, Node, Source

__all__ = ["Graph", "Node", "Source"]
