"""The house: one floor per stage of the data's way, and a floor imports only floors beneath it in this list."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import gradcli

ROOT = Path(gradcli.__file__).parent
FLOORS = (
    "errors", "files", "results", "operations", "graphs", "language", "data", "differentiation", "targets", "checking", "rendering",
    "testing", "cli",
)  # fmt: skip
"""Lowest first. `rendering`, `testing` and `cli` stand above everything; `__init__`, `__main__` and the plug-in of pytest see all."""

MODULES = sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.stem in FLOORS)


def floor_of(path: Path) -> str:
    """The floor on which a module stands."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported_floors(path: Path) -> set[str]:
    """The floors that a module imports when it runs, also inside functions; not those that only types name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_types = {id(node) for block in ast.walk(tree) if is_type_checking(block) for node in ast.walk(block)}
    names = [name for node in ast.walk(tree) if id(node) not in only_types for name in names_of(node)]
    return {name.split(".")[1] for name in names if name.startswith("gradcli.")}


def is_type_checking(node: ast.AST) -> bool:
    """Whether a node is `if TYPE_CHECKING:`."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def names_of(node: ast.AST) -> list[str]:
    """The modules that an import statement names."""
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "imports are absolute"
        return [node.module or ""]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_floor_imports_only_floors_beneath_it(path: Path) -> None:
    own = FLOORS.index(floor_of(path))
    above = {name for name in imported_floors(path) if FLOORS.index(name) > own}
    assert not above, f"{path.relative_to(ROOT)} imports from above: {sorted(above)}"


def test_rendering_computes_nothing() -> None:
    imported = set().union(*(imported_floors(path) for path in MODULES if floor_of(path) == "rendering"))
    assert imported <= {"errors", "results", "rendering"}


def test_no_module_bears_the_name_of_a_public_function() -> None:
    functions = {name for name in gradcli.__all__ if callable(getattr(gradcli, name)) and name.islower()}
    assert not functions & {path.stem for path in ROOT.rglob("*.py")}
    assert not functions & {path.name for path in ROOT.rglob("*") if path.is_dir()}


def test_every_public_name_is_there() -> None:
    assert sorted(gradcli.__all__) == gradcli.__all__
    assert all(getattr(gradcli, name) is not None for name in gradcli.__all__)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_knows(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def calls_by_name(path: Path) -> set[str]:
    """The plain names that a module calls."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.func.id for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_users_text_is_never_evaluated_by_python(path: Path) -> None:
    assert not calls_by_name(path) & {"eval", "exec", "compile", "__import__", "sympify", "parse_expr"}


def test_the_top_level_is_the_users_layout() -> None:
    names = {path.name for path in ROOT.parent.iterdir() if not path.name.startswith(".")}
    if "pyproject.toml" in names:
        assert names - {"build", "dist"} <= {"pyproject.toml", "README.md", "gradcli", "tests", "examples"}
