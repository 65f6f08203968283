"""Every session gets the answers that stand in it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cases.session import SESSIONS, prepare, replayed
from tests.rendering.schema import faults


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_the_session_gets_the_answers_that_stand_in_it(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    prepare(tmp_path, text)
    assert replayed(text, tmp_path) == text


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_no_answer_shows_a_traceback_and_every_error_has_a_cure(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "Traceback" not in text
    assert "internal error" not in text
    for answer in re.split(r"(?m)^\$ ", text)[1:]:
        assert answer.count("! error:") == answer.count("! hint:"), answer


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_an_error_exits_two_and_nothing_else_does(path: Path) -> None:
    for answer in re.split(r"(?m)^\$ ", path.read_text("utf-8"))[1:]:
        if re.search("\n! (error|Usage):", answer):
            assert "= exit 2" in answer, answer
        elif "= exit 2" in answer:
            assert re.search('\n\\| error  |\terror\n|"verdict": "error"', answer), answer


def objects(text: str) -> list[dict[str, object]]:
    """The JSON objects that a session's answers are made of."""
    outputs = ("\n".join(re.findall(r"(?m)^\| ?(.*)$", answer)) for answer in re.split(r"(?m)^\$ ", text)[1:])
    whole = [output for output in outputs if output.startswith("{")]
    return [json.loads(part) for output in whole for part in ([output] if output.startswith("{\n") else output.splitlines())]


@pytest.mark.parametrize("path", SESSIONS, ids=lambda path: path.stem)
def test_every_object_is_as_its_published_schema_says(path: Path) -> None:
    for found in objects(path.read_text("utf-8")):
        tool, name, version = str(found["schema"]).split("/")
        assert (tool, version, faults(found, name)) == ("gradcli", "1", [])
