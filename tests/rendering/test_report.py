"""The pages and data of `check`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from gradcli.rendering import REPORT_FORMATS, render_report
from gradcli.results import Check, Estimate, Report, Row
from tests.rendering.samples import agreeing, disagreeing, failing, kinked, suite


def piped(report: Report, form: str = "table", **options: Any) -> str:
    return render_report(report, form, **{"terminal": False, "width": 80, "color": False, **options})


def test_the_page_of_one_check() -> None:
    assert piped(Report([agreeing()])) == (
        "agree  (x+w)*(w+1)\n  at w = 1, x = 2   value 6\n\n"
        "input  verdict      reverse  symbolic  difference  resolution\n"
        "w      agree    5 ± 1.4e-15         5           5     2.7e-16\n"
        "x      agree    2 ± 4.5e-16         2           2     2.3e-16\n\n"
        "claim               verdict  value  basis\n"
        "∂/∂w = 2*w + x + 1  agree        5  equal as formulas\n\n"
        "symbolic   ∂/∂w = 2*w + x + 1\nsymbolic   ∂/∂x = w + 1\n\n"
        'reproduce  gradcli check "(x+w)*(w+1)" --at w=1.0,x=2.0\n'
    )


def test_a_disagreement_says_where_and_how() -> None:
    text = piped(Report([disagreeing()]))
    assert text.startswith("disagree  losses.grad.toml::sigmoid\n  sigmoid(x)\n  at x = 1   value 0.7310585786300049\n")
    assert "x  the claim is 2.5e+16 bounds away" in text
    assert "\n   at node 1, 'sigmoid(x)'\n" in text
    assert "digits lost" in text
    assert " 1.3\n" in text
    assert "difference: not asked\n" in text


def test_a_kink_shows_both_slopes_once() -> None:
    assert "   slope -1 on the left, 1 on the right\n" in piped(Report([kinked()]))
    said = replace(kinked().rows[0], reason="the slope is -1 on the left and 1 on the right")
    assert "slope -1" not in piped(Report([kinked(rows=[said])]))


def test_what_several_rows_say_is_said_once_with_their_names() -> None:
    rows = [Row(f"a[{i}]", "undefined", 0.0, {}, reason="no value" if i else "a reason of its own") for i in range(8)]
    text = piped(Report([kinked(rows=rows, verdict="undefined")]))
    assert text.count("no value") == 1
    assert "\na[0]  a reason of its own\n" in text
    assert "\na[1], a[2], a[3], a[4] and 3 more  no value\n" in text


def test_a_reason_that_a_claim_gives_is_not_said_twice() -> None:
    row = disagreeing().rows[0]
    text = piped(Report([disagreeing(rows=[replace(row, reason=f"the claim: {row.claims[0].note}")])]))
    assert text.count(row.claims[0].note) == 1


def test_many_lost_digits_are_explained_unless_the_reason_does() -> None:
    row = replace(agreeing().rows[1], digits_lost=12.25)
    assert "x  rounding takes 12.2 of float64's 16 digits here: the rules are right" in piped(Report([agreeing(rows=[row])]))
    assert "rounding takes" not in piped(Report([agreeing(rows=[replace(row, reason="float64 loses 12.2 digits")])]))


def test_a_check_that_could_not_run_shows_its_error_as_it_is() -> None:
    text = render_report(Report([failing()]), "table", terminal=True, width=20, color=False)
    assert "  error: no value for 'w'\n    (x+w)*(w+1)\n       ^\n  hint: gradcli check --at w=1\n" in text


def test_a_suite_has_a_line_per_check_the_failures_and_a_count() -> None:
    text = piped(suite())
    assert text.startswith("losses.grad.toml\n  agree         product\n  kink          corner  (as declared)\n  kink          undeclared\n")
    assert text.endswith("\n\n1 agree, 1 kink (as declared), 1 kink, 1 disagree, 1 error\n")
    assert text.count("losses.grad.toml::sigmoid") == 1
    assert text.count("losses.grad.toml::product") == 0


def test_the_points_of_one_program_stand_below_it_and_common_notes_at_the_end() -> None:
    checks = [agreeing(id=f"x[{i}]", at={"x": i}, notes=["drawn", f"note {i}"]) for i in (1, 2)]
    text = piped(Report([*checks, disagreeing(id="x[3]", at={"x": 3}, notes=["drawn"])]))
    assert text.startswith("x\n  agree         x = 1\n  agree         x = 2\n  disagree      x = 3\n\ndisagree  x[3]\n")
    assert text.endswith("\n\n2 agree, 1 disagree\ndrawn\n")
    assert text.count("drawn") == 1


def test_of_points_with_one_verdict_the_first_is_shown_in_full() -> None:
    checks = [disagreeing(id=f"sigmoid(x)[{i}]", at={"x": i}) for i in range(1, 6)]
    text = piped(Report([*checks, kinked(id="sigmoid(x)[6]", at={"x": 6})]))
    assert text.count("\ndisagree  sigmoid(x)[") == 1
    assert "\n  disagree      x = 5\n" in text
    assert "\ndisagree also at 4 more points listed above; --format json has all\n" in text
    assert "\nkink  sigmoid(x)[6]\n" in text


@pytest.mark.parametrize("width", [20, 40, 60, 80, 100, 160])
def test_a_claim_is_never_broken_inside_a_number(width: int) -> None:
    row = disagreeing().rows[0]
    claim = replace(row.claims[0], text="2.4717266720048188", note="1.25 here, and the derivative is -1.1312043837568135 (1 off)")
    text = render_report(Report([disagreeing(rows=[replace(row, claims=[claim])])]), "table", terminal=True, width=width, color=False)
    assert "2.4717266720048188" in text
    assert "-1.1312043837568135" in text


def test_a_long_program_and_its_command_are_cut_on_the_page_alone() -> None:
    text = "\n".join(f"a{i} = x" for i in range(50_000))
    report = Report([replace(agreeing(), id=text, program=text, reproduce=f'gradcli check "{text}"')])
    page = piped(report)
    assert page.startswith("agree  program\n  a0 = x\n")
    assert "\n  … 49992 more lines\n" in page
    assert len(page) < 2000
    assert "a49999 = x" in piped(report, "json")
    one = piped(Report([replace(agreeing(), id="x+" * 9000 + "x", program="x+" * 9000 + "x")]))
    assert len(one.splitlines()[0]) < 400


def test_a_resolution_that_is_no_number_is_not_shown() -> None:
    assert "resolution" not in piped(Report([agreeing(rows=[replace(agreeing().rows[0], resolution=float("nan"), absolute=True)])]))


def test_a_declared_verdict_that_is_missed_is_said() -> None:
    text = piped(Report([agreeing(id="a", expected="kink"), agreeing(id="b")]))
    assert "agree (declared kink)  a\n" in text
    assert "1 agree (declared kink)" in text.splitlines()[-1]


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "plain"])
def test_failed_only_leaves_out_what_passed(form: str) -> None:
    text = piped(suite(), form, failed_only=True)
    assert "::product" not in text
    assert "::corner" not in text
    assert "::sigmoid" in text
    if form == "table":
        assert "1 agree, 1 kink (as declared)" in text


def test_failed_only_of_one_check_that_passed_is_a_count() -> None:
    assert piped(Report([agreeing()]), failed_only=True) == "1 agree\n"
    assert piped(Report([])) == "no checks\n"


def test_plain_has_id_and_verdict() -> None:
    assert piped(Report([agreeing(id="a\tb"), kinked()]), "plain") == "a b\tagree\nlosses.grad.toml::corner\tkink\n"


@pytest.mark.parametrize("width", [10, 20, 40, 60, 80, 100, 120, 160])
def test_no_width_crops_a_number(width: int) -> None:
    text = render_report(Report([disagreeing()]), "table", terminal=True, width=width, color=False)
    for number in ("0.19661193324148185", "2.1e-17", "0.7310585786300049\n"):
        assert number in text
    assert "1.3e-16" in text or "left out on this narrow terminal: resolution" in text


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_page_is_no_wider_than_the_terminal(width: int) -> None:
    text = render_report(suite(), "table", terminal=True, width=width, color=False)
    assert max(map(len, text.splitlines())) <= width


@pytest.mark.parametrize("form", REPORT_FORMATS)
@pytest.mark.parametrize("terminal", [True, False])
def test_ascii_and_the_last_newline(form: str, terminal: bool) -> None:
    text = piped(suite(), form, terminal=terminal, ascii=True)
    assert text.isascii()
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_verdicts_have_colours_on_a_pipe_that_wants_them() -> None:
    text = piped(suite(), color=True)
    assert "\x1b[32magree" in text
    assert "\x1b[1;31mdisagree" in text
    assert re.sub("\x1b\\[[0-9;]*m", "", text).count("│") == 0


def test_text_of_a_user_is_never_markup() -> None:
    row = Row("[w]", "agree", 1.0, {"reverse": Estimate(1.0, "1", 0.0)}, reason="[bold]because[/bold]")
    check = Check("[red]id[/red]", "[w]*2", {"[w]": 1.0}, "agree", [row])
    text = piped(Report([check]), terminal=True)
    for word in ("[red]id[/red]", "[w]*2", "[bold]because[/bold]", "│ [w] "):
        assert word in text


def test_an_oracle_shows_a_bound_that_can_be_seen() -> None:
    engines = {"reverse": Estimate(0.5, "0.5", 1e-16), "difference": Estimate(0.5, "0.5000000001", 3.04e-9)}
    text = piped(Report([agreeing(rows=[Row("x", "agree", 0.5, engines, absolute=True, resolution=3e-9)])]))
    assert "0.5000000001 ± 3.1e-9" in text
    assert "3e-9 absolute" in text


def test_a_long_program_is_cut_and_inputs_without_claim_are_listed() -> None:
    program = "\n".join(f"a{i} = x" for i in range(20))
    text = piped(Report([replace(agreeing(), id="long", program=program, unclaimed=["x"], notes=["drawn from seed 7"])]))
    assert "  a7 = x\n  … 12 more lines\n" in text
    assert "not claimed: x\ndrawn from seed 7\n" in text


def test_an_oracle_is_shown_as_a_double_unless_its_bound_can_be_seen() -> None:
    engines = {"reverse": Estimate(0.1, "0.1", 1e-17), "symbolic": Estimate(0.1, "0.1000000000000000055511151231", 1e-40)}
    row = Row("x", "agree", 0.1, {**engines, "difference": Estimate(0.0, "0.0", 1e-300)}, resolution=1e-80)
    assert "x      agree    0.1 ± 1e-17       0.1           0     < 1e-30\n" in piped(Report([agreeing(rows=[row])]))


@pytest.mark.parametrize(("value", "text"), [(float("inf"), "inf"), (float("-inf"), "-inf"), (float("nan"), "nan")])
def test_what_is_not_finite_has_no_bound(value: float, text: str) -> None:
    row = Row("x", "undefined", value, {"reverse": Estimate(value, repr(value), float("inf"))})
    assert re.search(rf"(?m)^x +undefined +{text}$", piped(Report([agreeing(rows=[row])])))
