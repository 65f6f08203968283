"""The plug-in of pytest: every check of a `*.grad.toml` is a test, under the name that `gradcli check --list` has for it.

pytest loads it in every project. It imports nothing of gradcli before it meets a suite, and no engine before a test runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from gradcli.checking.suites.entry import Entry
    from gradcli.results import Check

SUFFIX = ".grad.toml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The permission to run code, on the command line and in pytest's configuration."""
    text = "suites of gradcli may run code: functions, commands and servers"
    parser.getgroup("gradcli").addoption("--gradcli-allow-exec", action="store_true", help=text)
    parser.addini("gradcli_allow_exec", f"{text} (default: what [tool.gradcli] in the pyproject.toml says)", type="bool", default=False)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The collector of a suite."""
    return Suite.from_parent(parent, path=file_path) if file_path.name.endswith(SUFFIX) else None


class Suite(pytest.File):
    """A suite; its tests are the points of its checks, in order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.judged: dict[str, Sequence[Check]] = {}

    def collect(self) -> Iterator[pytest.Item]:
        """The tests. A suite that can't be understood is an error with its line, without a traceback."""
        from gradcli.checking.suites.entry import ids_of, split
        from gradcli.errors import GradcliError

        try:
            checks = [part for entry in self.entries() for part in split(entry)]
        except GradcliError as fault:
            raise self.CollectError(fault.render()) from None
        for part in checks:
            for position, name in enumerate(ids_of(part)):
                yield Point.from_parent(self, name=name.partition("::")[2], entry=part, position=position)

    def entries(self) -> list[Entry]:
        """The checks of the suite, read as `gradcli check` in the current folder reads it; none if the project excludes it."""
        from gradcli.checking.suites.project import current_project
        from gradcli.checking.suites.reading import read_suite
        from gradcli.checking.suites.selecting import permitted

        project = current_project()
        if project is not None and project.excludes(self.path) and not self.session.isinitpath(self.path):
            return []
        allowed = self.config.getoption("gradcli_allow_exec") or self.config.getini("gradcli_allow_exec") or None
        return [permitted(entry, project, allowed) for entry in read_suite(seen_from_here(self.path))]

    def checks(self, entry: Entry, position: int) -> Sequence[Check]:
        """The checks of an entry. Points that are drawn are drawn and judged together: by the first of their tests, or the first to run."""
        from gradcli.checking.suites.running import judged

        key = f"{entry.id}[{entry.only}]"
        if position == 0 or key not in self.judged:
            self.judged[key] = list(judged(entry))
        return self.judged[key]


class Point(pytest.Item):
    """One check at one point."""

    def __init__(self, *, entry: Entry, position: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.entry = entry
        self.position = position

    def runtest(self) -> None:
        """Judge the check; the page of one that is not as expected is what pytest shows."""
        assert isinstance(self.parent, Suite)
        checks = self.parent.checks(self.entry, self.position)
        if self.position >= len(checks) and checks[0].verdict != "error":
            pytest.skip(f"only {len(checks)} points could be drawn")
        check = checks[min(self.position, len(checks) - 1)]
        if not check.passed:
            from gradcli.rendering import render_failure

            pytest.fail(render_failure(check), pytrace=False)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Where the check stands: the line of its table, which pytest counts from 0."""
        return self.path, self.entry.line - 1, self.name


def seen_from_here(path: Path) -> str:
    """A path as it is typed in the current folder, if it is below it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
