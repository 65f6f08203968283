"""The reports for CI: valid by what their readers want, with every text of a user as text and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gradcli.errors import UsageError
from gradcli.rendering import REPORT_FILES, report_file, step_summary
from gradcli.results import Check, Report
from tests.rendering.samples import agreeing, disagreeing, failing, kinked
from tests.rendering.schema import faults

XSD = (Path(__file__).parent / "junit.xsd").read_text("utf-8")
SCHEMA = xmlschema.XMLSchema(XSD)
STRICT = xmlschema.XMLSchema(XSD.replace('<xs:attributeGroup ref="place"/>', ""))
GITHUB = {"%0A": "\n", "%0D": "\r", "%3A": ":", "%2C": ",", "%25": "%"}
NASTY = 'a|b`c``d<i>e</i>&amp;"f"\n::error::g,%0A h\x1b[31m\x00 \ud800 ∂ [x](y) **z** @you #1 $m$ \\| ]]>'


def placed(check: Check, line: int, file: str = "losses.grad.toml") -> Check:
    return replace(check, file=file, line=line, seconds=0.25)


def several() -> Report:
    """A check of every kind, in a suite, in another suite, in the file of a program and on the command line."""
    missed = replace(agreeing(id="losses.grad.toml::missed"), expected="kink")
    checks = [agreeing(id="losses.grad.toml::product"), kinked(expected="kink"), kinked(id="losses.grad.toml::open"), disagreeing()]
    here = [placed(check, i) for i, check in enumerate([*checks, missed, failing()], 1)]
    other = placed(agreeing(id="a/b.grad.toml::product"), 7, "a/b.grad.toml")
    return Report([*here, other, placed(agreeing(id="f.grad[2]"), 1, "f.grad"), agreeing()])


def nasty(text: str = NASTY) -> Report:
    """A check that could not run and one that disagrees, all of whose texts are somebody's."""
    row = replace(disagreeing().rows[0], input=text, reason=text, node=text)
    wrong = disagreeing(id=f"{text}::{text}", program=text, rows=[row], notes=[text], reproduce=text, file=text, line=3)
    return Report([wrong, replace(failing(), id=f"{text}::2", error=f"error: {text}", file=text, line=4)])


def cases(text: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(text.encode("utf-8")).iter("testcase"))


def told(case: ElementTree.Element) -> ElementTree.Element:
    """The failure or the error of a test case."""
    (found,) = case
    return found


@pytest.mark.parametrize("report", [several(), nasty(), Report([])], ids=["several", "nasty", "none"])
def test_junit_is_valid_for_its_readers_and_xunit_for_the_strict_one(report: Report) -> None:
    SCHEMA.validate(report_file(report, "junit"))
    STRICT.validate(report_file(report, "xunit"))


def test_the_strict_schema_refuses_the_place_of_a_test_case() -> None:
    assert not STRICT.is_valid(report_file(several(), "junit"))


@pytest.mark.parametrize("form", ["junit", "xunit"])
def test_the_schema_sees_two_test_cases_of_one_name(form: str) -> None:
    text = report_file(several(), form)
    assert not SCHEMA.is_valid(text.replace('name="open"', 'name="product"'))


def test_junit_groups_by_file_and_counts_by_kind() -> None:
    root = ElementTree.fromstring(report_file(several(), "junit").encode())
    assert {key: root.get(key) for key in ("tests", "failures", "errors", "time")} == {
        "tests": "9", "failures": "3", "errors": "1", "time": "2.000"
    }  # fmt: skip
    suites = [(suite.get("name"), suite.get("file"), suite.get("tests"), suite.get("failures"), suite.get("errors")) for suite in root]
    assert suites == [
        ("losses.grad.toml", "losses.grad.toml", "6", "3", "1"),
        ("a/b.grad.toml", "a/b.grad.toml", "1", "0", "0"),
        ("f.grad", "f.grad", "1", "0", "0"),
        ("gradcli check", None, "1", "0", "0"),
    ]


def test_junit_has_the_place_of_every_check_that_has_one() -> None:
    found = [[case.get(key) for key in ("classname", "name", "file", "line", "time")] for case in cases(report_file(several(), "junit"))]
    assert found[0] == ["losses.grad.toml", "product", "losses.grad.toml", "1", "0.250"]
    assert found[-2] == ["f.grad", "f.grad[2]", "f.grad", "1", "0.250"]
    assert found[-1] == ["gradcli check", "(x+w)*(w+1)", None, None, "0.000"]


def test_junit_tells_what_was_not_as_expected_and_why() -> None:
    found = {case.get("name"): told(case) for case in cases(report_file(several(), "junit")) if len(case)}
    assert {name: (problem.tag, problem.get("type")) for name, problem in found.items()} == {
        "open": ("failure", "kink"), "sigmoid": ("failure", "disagree"), "missed": ("failure", "missed"), "broken": ("error", "error"),
    }  # fmt: skip
    assert found["broken"].get("message") == "no value for 'w'"
    assert found["missed"].get("message") == "declared as kink, and the verdict is agree"
    assert str(found["sigmoid"].get("message")).startswith("x: the claim is 2.5e+16 bounds away")
    assert str(found["sigmoid"].text).startswith("disagree  losses.grad.toml::sigmoid\n  sigmoid(x)\n")
    assert "∂/∂x = sigmoid(x)" in str(found["sigmoid"].text)


def test_the_likely_mistake_is_told_with_the_reason() -> None:
    row = replace(disagreeing().rows[0], reason="twice as large", likely="likely a factor 2")
    text = report_file(Report([disagreeing(rows=[row])]), "junit")
    assert told(cases(text)[0]).get("message") == "x: twice as large; likely a factor 2"


def test_the_types_of_junit_are_no_words_that_gitlab_converts_by() -> None:
    types = {told(case).get("type") for case in cases(report_file(several(), "junit")) if len(case)}
    assert not types & {"symbol", "date", "datetime", "integer", "float", "decimal", "boolean", "string", "yaml", "binary", "file"}


def test_names_that_look_the_same_are_numbered() -> None:
    report = Report([placed(agreeing(id=f"s.grad.toml::a{char}"), 1, "s.grad.toml") for char in ("\x01", "\\u0001", "\n")])
    assert [case.get("name") for case in cases(report_file(report, "junit"))] == ["a\\u0001", "a\\u0001 (2)", "a\n"]


def test_programs_that_are_their_own_names_are_cut_and_stay_apart() -> None:
    text = report_file(Report([agreeing(id="x+" * 9000 + "x" + end) for end in ("[1]", "[2]", "[2]")]), "junit")
    names = [str(case.get("name")) for case in cases(text)]
    assert [name[-7:] for name in names] == ["x+x+x[1]"[-7:], "x+x+x[2]"[-7:], "[2] (2)"]
    assert max(map(len, names)) < 1100


@pytest.mark.parametrize("form", REPORT_FILES)
def test_every_report_is_text_that_any_file_holds(form: str) -> None:
    text = report_file(nasty(), form)
    data = text.encode("utf-8", "backslashreplace")
    assert text.endswith("\n")
    assert b"\x00" not in data
    assert b"\x1b" not in data
    assert text.isascii() or form in ("github", "markdown")


@given(st.text(st.characters(), min_size=1))
def test_any_text_stands_in_junit_as_it_is_but_for_what_xml_lacks(text: str) -> None:
    report = Report([placed(agreeing(id=f"s.grad.toml::{text}"), 1, "s.grad.toml")])
    (case,) = cases(report_file(report, "junit"))
    assert re.sub(r"\\u[0-9a-f]{4}", "?", str(case.get("name"))) == re.sub(
        r"\\u[0-9a-f]{4}|[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "?", text
    )


@given(st.text(st.characters(), min_size=1))
def test_any_text_makes_valid_junit(text: str) -> None:
    SCHEMA.validate(report_file(nasty(text), "junit"))


def commands(text: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Workflow commands as GitHub's runner reads them."""
    for line in text.splitlines():
        found = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
        assert found is not None, line
        pairs = (pair.partition("=") for pair in found[2].split(","))
        yield found[1], {key: unescaped(value) for key, _, value in pairs}, unescaped(found[3])


def unescaped(text: str) -> str:
    return re.sub("%(0A|0D|3A|2C|25)", lambda found: GITHUB[found[0]], text)


def test_github_gets_an_error_at_the_place_of_every_failure_and_a_warning_for_the_undecided() -> None:
    *single, last = commands(report_file(several(), "github"))
    assert [(level, where.get("line"), where["title"]) for level, where, _ in single] == [
        ("error", "6", "error: broken"),
        ("error", "4", "disagree: sigmoid"),
        ("error", "5", "agree (declared kink): missed"),
        ("warning", "3", "kink: open"),
    ]
    assert all(where["file"] == "losses.grad.toml" for _, where, _ in single)
    assert single[1][2].endswith('did you forget the factor (1 - sigmoid(x))?\ngradcli check "sigmoid(x)" --at x=1.0 --expect "sigmoid(x)"')
    assert last == ("error", {"title": "gradcli check"}, "4 of 9 checks are not as expected: 4 agree, 1 agree (declared kink), "
                    "1 kink (as declared), 1 kink, 1 disagree, 1 error.")  # fmt: skip


def test_github_gets_nothing_where_all_is_well() -> None:
    assert report_file(Report([agreeing(), kinked(expected="kink")]), "github") == ""


def test_a_report_of_what_is_undecided_alone_warns() -> None:
    assert {level for level, _, _ in commands(report_file(Report([kinked()]), "github"))} == {"warning"}


def test_github_gets_nine_annotations_and_a_sum_the_worst_first() -> None:
    checks = [placed(kinked(id=f"s.grad.toml::{i}"), i) for i in range(1, 10)] + [placed(disagreeing(id="s.grad.toml::x"), 50)]
    found = list(commands(report_file(Report(checks), "github")))
    assert len(found) == 10
    assert found[0][1]["line"] == "50"
    assert found[-1][2].endswith("9 kink, 1 disagree. GitHub shows ten annotations of a step: the other checks have none.")


@given(st.text(st.characters(), min_size=1))
def test_any_text_stays_inside_its_workflow_command(text: str) -> None:
    found = list(commands(report_file(nasty(text), "github")))
    assert [level for level, _, _ in found] == ["error"] * 3
    assert [set(where) - {"file", "line"} for _, where, _ in found] == [{"title"}] * 3


def tokens(text: str) -> Iterator[Token]:
    """Everything that Markdown makes of a text."""
    for token in MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(text):
        yield token
        yield from token.children or ()


def test_markdown_has_a_table_of_what_went_wrong_its_pages_and_a_table_of_all() -> None:
    text = report_file(several(), "markdown")
    assert text.startswith(
        "## gradcli check: error\n\n4 agree, 1 agree (declared kink), 1 kink (as declared), 1 kink, 1 disagree, 1 error\n"
    )
    assert "| disagree | `sigmoid` | `losses.grad.toml:4` | `x: the claim is 2.5e+16" in text
    assert text.count("```text\n") == 4
    assert sum(token.type == "tr_open" for token in tokens(text)) == (1 + 4) + (1 + 9)
    assert "| agree | `(x+w)*(w+1)` | `gradcli check` |  |\n" in text


@given(st.text(st.characters(), min_size=1))
def test_any_text_is_text_in_markdown(text: str) -> None:
    kinds = {"inline", "text", "code_inline", "html_inline", "html_block", "fence", "softbreak"}
    kinds |= {
        f"{name}_{end}" for name in ("heading", "paragraph", "table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")
    }
    found = list(tokens(report_file(nasty(text), "markdown")))
    assert {token.type for token in found} <= kinds
    assert {token.content for token in found if token.type == "html_inline"} <= {"<code>", "</code>"}
    assert sum(token.type == "td_open" for token in found) == 2 * 2 * 4
    assert all(re.sub(r"<(/?)(details|summary)>", "", token.content).count("<") == 0 for token in found if token.type == "html_block")


def test_a_page_with_a_fence_in_it_stays_in_its_fence() -> None:
    fences = [token for token in tokens(report_file(nasty("````"), "markdown")) if token.type == "fence"]
    assert len(fences) == 2
    assert all("````" in token.content for token in fences)


def test_many_checks_are_several_tables() -> None:
    text = report_file(Report([agreeing(id=f"x[{i}]") for i in range(1100)]), "markdown")
    assert "<summary>All checks (501 to 1000 of 1100)</summary>" in text
    assert text.count("\n|---|") == 3


def test_the_summary_of_a_step_is_cut_between_sections_and_says_so() -> None:
    report = Report([disagreeing(id=f"losses.grad.toml::{i}") for i in range(100)])
    whole = report_file(report, "markdown")
    cut = step_summary(report, 20_000)
    assert 15_000 < len(cut.encode("utf-8")) <= 20_000
    assert cut.endswith("`--report markdown:PATH` writes all of it.*\n")
    assert whole.startswith(cut.rpartition("\n*The rest")[0])
    assert cut.count("<details>") == cut.count("</details>") > 3
    assert step_summary(report, 2**20) == whole
    assert step_summary(report, 10) == ""


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_has_the_place_of_every_check_and_is_as_its_schema_says(form: str) -> None:
    text = report_file(several(), form)
    objects: list[dict[str, Any]] = [json.loads(text)] if form == "json" else list(map(json.loads, text.splitlines()))
    assert [fault for one in objects for fault in faults(one, "check")] == []
    checks = objects[0]["checks"] if form == "json" else objects
    assert [(check["file"], check["line"]) for check in checks][-3:] == [("a/b.grad.toml", 7), ("f.grad", 1), (None, None)]


@pytest.mark.parametrize("form", ["junit", "github", "markdown"])
def test_an_interrupted_run_is_an_error_beside_what_was_done(form: str) -> None:
    text = report_file(Report([agreeing()], interrupted=True), form)
    assert "the run was interrupted after 1 of its checks: more were to follow" in text
    assert "interrupted" not in report_file(Report([agreeing()]), form)


def test_an_empty_share_is_a_report_of_nothing() -> None:
    report = Report([], shard="5/5")
    SCHEMA.validate(report_file(report, "junit"))
    assert report_file(report, "github") == ""
    assert report_file(report, "markdown").startswith("## gradcli check: nothing checked\n\nno checks, share 5/5 of the checks\n")


def test_an_unknown_report_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no format 'junt' here"):
        report_file(several(), "junt")
