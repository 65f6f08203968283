"""The mathematics: the table of primitive operations, one row each, and the number systems that it runs on."""

from gradcli.operations.op import Algebra, Op
from gradcli.operations.table import OPS, by_name, find

__all__ = ["OPS", "Algebra", "Op", "by_name", "find"]
