"""`check --write`: numbers are filled in or renewed where the engines agree, and nothing else of a suite changes."""

from __future__ import annotations

import os
import stat
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

import gradcli
from gradcli.checking.suites.renewing import refuse_changed
from tests.cases.session import Ended, called

PRODUCT = '[[check]]\nprogram = "x*w"\n'
POINT = "at = {x = 3, w = 2}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, which is the current one."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def renewed(text: str, **options: Any) -> tuple[str, list[str], str]:
    """A suite after `--write`, what is left with the reasons, and the verdict of the report then."""
    Path("s.grad.toml").write_bytes(text.encode())
    renewal = gradcli.renew_suites(["s.grad.toml"], **options)
    after = renewal.files[0].after if renewal.files else text
    assert Path("s.grad.toml").read_bytes().decode() == text, "the library writes nothing"
    return after, [why for _, why in renewal.left], renewal.report.verdict


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (PRODUCT + POINT, PRODUCT + POINT + "expect = {x = 2.0, w = 3.0}\n"),
        (PRODUCT + POINT + "# end\n[[check]]\nprogram = \"x\"\nverdict = \"kink\"\n", None),
        (PRODUCT + "at = {x = 3, w = 2} # a point", PRODUCT + "at = {x = 3, w = 2} # a point\nexpect = {x = 2.0, w = 3.0}"),
        (
            '[[check]]\n  program = "x*w"\n\n  [check.at] # here\n  x = 3\n  w = 2\n',
            '[[check]]\n  program = "x*w"\n  expect = {x = 2.0, w = 3.0}\n\n  [check.at] # here\n  x = 3\n  w = 2\n',
        ),
        (
            'check = [{program = "x*w", at = {x = 3, w = 2}}]\n',
            'check = [{program = "x*w", at = {x = 3, w = 2}, expect = {x = 2.0, w = 3.0}}]\n',
        ),
        (PRODUCT + "expect = {}\n" + POINT, PRODUCT + "expect = {x = 2.0, w = 3.0}\n" + POINT),
        (PRODUCT + 'wrt = "w"\n' + POINT, PRODUCT + 'wrt = "w"\n' + POINT + "expect = {w = 3.0}\n"),
        (PRODUCT + POINT + "expect = { x = 7 } # old\n", PRODUCT + POINT + "expect = { x = 2.0 } # old\n"),
        (
            PRODUCT + POINT + 'wrt = ["x", "w"]\nexpect = { x = 7 } # old\n',
            PRODUCT + POINT + 'wrt = ["x", "w"]\nexpect = { x = 2.0, w = 3.0 } # old\n',
        ),
        (
            PRODUCT + POINT + "[check.expect]\nx = 7 # seven\n\n[[check]]\n",
            PRODUCT + POINT + "[check.expect]\nx = 2.0 # seven\n\n[[check]]\n",
        ),
        (
            PRODUCT + POINT + 'wrt = "w,x"\n[check.expect] # all\n\tx = 2 # two',
            PRODUCT + POINT + 'wrt = "w,x"\n[check.expect] # all\n\tx = 2 # two\n\tw = 3.0',
        ),
        (
            PRODUCT + POINT + 'expect.x = {value = 1.9, rtol = 1e-3}\nwrt = "w,x"\n',
            PRODUCT + POINT + 'expect.x = {value = 2.0, rtol = 1e-3}\nexpect.w = 3.0\nwrt = "w,x"\n',
        ),
        (PRODUCT + POINT + 'expect = "x = 5,w=x"\n', PRODUCT + POINT + 'expect = "x = 2.0,w=x"\n'),
        (PRODUCT + POINT + "expect = 'x=2;  w=1e3' # t\n", PRODUCT + POINT + "expect = 'x=2;  w=3.0' # t\n"),
        (PRODUCT + POINT + 'expect = ["x=5", # five\n "w=x"]\n', PRODUCT + POINT + 'expect = ["x=2.0", # five\n "w=x"]\n'),
        (PRODUCT + POINT + 'expect = {x = "7", w = "x"}\n', PRODUCT + POINT + 'expect = {x = 2.0, w = "x"}\n'),
        ('[[check]]\nprogram = "x**3"\nat.x = 2\nexpect = 5\n', '[[check]]\nprogram = "x**3"\nat.x = 2\nexpect = 12.0\n'),
        ('[[check]]\nprogram = "x**3"\nat.x = 2\nexpect = "5"\n', '[[check]]\nprogram = "x**3"\nat.x = 2\nexpect = "12.0"\n'),
        (
            '[[check]]\nprogram = "exp(β)"\nat = {"β" = 1}\n',
            '[[check]]\nprogram = "exp(β)"\nat = {"β" = 1}\nexpect = {"β" = 2.718281828459045}\n',
        ),
        (
            '[[check]]\nprogram = "sum(v**2)"\nat = {v = [1, 2]}\nexpect = {v = [2, 5]}\n',
            '[[check]]\nprogram = "sum(v**2)"\nat = {v = [1, 2]}\nexpect = {v = [2.0, 4.0]}\n',
        ),
        (
            '[[check]]\nprogram = "sum(v**2)"\nat = {v = [1, 2]}\nexpect = {"v[1]" = 5}\n',
            '[[check]]\nprogram = "sum(v**2)"\nat = {v = [1, 2]}\nexpect = {"v[1]" = 4.0}\n',
        ),
        (
            '[[check]]\nprogram = "sum(v**2)*w"\nat = {v = [[1], [2]], w = 1}\n',
            '[[check]]\nprogram = "sum(v**2)*w"\nat = {v = [[1], [2]], w = 1}\nexpect = {v = [[2.0], [4.0]], w = 5.0}\n',
        ),
        ((PRODUCT + POINT).replace("\n", "\r\n"), (PRODUCT + POINT + "expect = {x = 2.0, w = 3.0}\n").replace("\n", "\r\n")),
        ("\ufeff" + PRODUCT + POINT, "\ufeff" + PRODUCT + POINT + "expect = {x = 2.0, w = 3.0}\n"),
        ('[[check]]\nprogram = "(1-cos(x))/x**2"\nat = {x = 1e-8}\nexpect = 0.5\n', None),
        ('[[check]]\nprogram = "x**2"\nsamples = 1\nexpect = {x = 1e300}\n', None),
    ],
)  # fmt: skip
def test_numbers_are_written_and_the_rest_stays(before: str, after: str | None) -> None:
    found, _, _ = renewed(before)
    if after is not None:
        assert found == after
    assert tomllib.loads(found.removeprefix("\ufeff").replace("\r\n", "\n"))
    again, _, _ = renewed(found)
    assert again == found


@pytest.mark.parametrize(
    ("text", "why", "verdict"),
    [
        (PRODUCT + POINT + 'expect = {x = "x"}\n', "the formula for x is not right, and stays as it is", "disagree"),
        ('[[check]]\nprogram = "abs(x)"\nat = {x = 0}\nexpect = {x = 5}\n', "x: kink: a corner", "disagree"),
        ('[[check]]\nprogram = "abs(x)"\nat = {x = 0}\n', "x: kink: a corner", "kink"),
        ('[[check]]\nprogram = "log(x)"\nat = {x = -1}\nexpect = 3\n', "x: undefined: ", "undefined"),
        ('[[check]]\nprogram = "x*w"\nat = {x = 1}\n', "no value for 'w'", "error"),
        ('[[check]]\nprogam = "x*w"\n', "unknown key 'progam'", "error"),
        ('[[check]]\nprogram = "x*w"\nsamples = 3\n', "it has 3 points, and a number is right at one", "agree"),
        ('[[check]]\nprogram = "x*x"\nat = [{x = 1}, {x = 2}]\nexpect = 2\n', "it has 2 points, and a number is right at one", "disagree"),
        ('[defaults]\nexpect = {x = 7}\n' + PRODUCT + POINT, "its expectation is one of the defaults of its file", "disagree"),
        (PRODUCT + POINT + 'expect = "x=5\\u0020"\n', "its expectation is a text with escapes", "disagree"),
        (PRODUCT + POINT + 'wrt = "x,w"\nexpect = "x=w"\n', "its expectation is no table, to which w could be added", "agree"),
        ('[[check]]\nprogram = "sum(v**2)"\nat = "v=ones(100)"\n', "v has too many elements", "agree"),
    ],
)  # fmt: skip
def test_what_is_not_written_is_left_with_a_reason(text: str, why: str, verdict: str) -> None:
    after, reasons, found = renewed(text)
    assert after == text
    assert len(reasons) == 1
    assert why in reasons[0]
    assert found == verdict


def test_one_point_of_several_is_not_taken_for_the_only_one() -> None:
    Path("s.grad.toml").write_text('[[check]]\nname = "a"\nprogram = "x*x"\nat = [{x = 1}, {x = 2}]\n')
    assert gradcli.renew_suites(["s.grad.toml::a[2]"]).files == []


def test_a_derivative_that_is_not_decided_is_not_hidden_by_numbers_for_the_others() -> None:
    text = '[[check]]\nprogram = "abs(x)*w"\nat = {x = 0, w = 2}\n'
    assert renewed(text)[0] == text
    stated = text + "expect = {w = 1}\n"
    assert renewed(stated)[0] == text + "expect = {w = 0.0}\n"
    both = text + 'wrt = "x,w"\nexpect = {w = 1}\n'
    after, reasons, verdict = renewed(both)
    assert after == text + 'wrt = "x,w"\nexpect = {w = 0.0}\n'
    assert (reasons, verdict) == (["x: kink: a corner: the slope is -2 on the left and 2 on the right"], "kink")


def test_what_a_check_asks_for_beside_itself_does_not_count() -> None:
    text = '[[check]]\nprogram = "abs(x)"\nat = {x = 2}\nsearch = true\nself-test = true\n'
    assert renewed(text) == (text + "expect = {x = 1.0}\n", [], "agree")


def test_a_verdict_that_is_declared_and_missed_is_left() -> None:
    text = PRODUCT + POINT + 'verdict = "kink"\n'
    assert renewed(text)[:2] == (text, ["it is declared kink, and is agree"])


def test_a_declared_verdict_is_left_alone_without_a_word() -> None:
    text = PRODUCT + POINT + 'expect = {x = 7}\nverdict = "disagree"\n[[check]]\nprogram = "abs(x)"\nat = {x = 0}\nverdict = "kink"\n'
    assert renewed(text)[:2] == (text, [])


FUNCTIONS = """
def f(x, w):
    return x * x * w

def right(x, w):
    return {"x": 2 * x * w, "w": x * x}

def wrong(x, w):
    return {"x": 2 * x * w, "w": x}

def only_real(x, w):
    return float(x) * float(x) * w
"""


@pytest.mark.parametrize(
    ("keys", "after", "why"),
    [
        ('python = "own.py:f"\ngradient = "own.py:right"', "{x = 12.0, w = 4.0}", None),
        ('python = "own.py:f"\ngradient = "own.py:right"\nexpect = {w = 5}', "{w = 4.0}", None),
        ('python = "own.py:f"\ngradient = "own.py:wrong"', "", "w: disagree"),
        ('python = "own.py:f"\nexpect = {w = 5}', "{w = 4.0}", None),
        ('python = "own.py:only_real"\nexpect = {x = 5}', "{x = 5}", "only difference quotients are known"),
    ],
)
def test_functions_of_somebody_else(keys: str, after: str, why: str | None) -> None:
    Path("own.py").write_text(FUNCTIONS)
    found, reasons, _ = renewed(f"[[check]]\n{keys}\nat = {{x = 2, w = 3}}\n", allow_exec=True)
    assert (f"expect = {after}\n" in found) if after else ("expect" not in found)
    assert [why in reason for reason in reasons] == [True] * (why is not None)


def written(*words: str) -> Ended:
    """`gradcli check --write` with some more words."""
    return called(["check", "--write", *words], {})


def test_the_command_writes_and_shows_a_diff_that_patch_reads() -> None:
    Path("s.grad.toml").write_text(before := PRODUCT + "at = {x = 3, w = 2}")
    ended = written()
    after = Path("s.grad.toml").read_text()
    assert (ended.code, ended.err) == (0, "2 values in 1 file written\n")
    assert after == before + "\nexpect = {x = 2.0, w = 3.0}"
    patch = subprocess.run(["patch", "--reverse", "--silent"], input=ended.out, text=True)
    assert patch.returncode == 0
    assert Path("s.grad.toml").read_text() == before


def test_the_command_says_what_it_left_and_exits_with_the_verdict() -> None:
    Path("s.grad.toml").write_text(text := PRODUCT + POINT + 'expect = {x = "x"}\n')
    ended = written()
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "nothing to write\nleft as it is: s.grad.toml::x*w: the formula for x is not right, and stays as it is\n"
    assert Path("s.grad.toml").read_text() == text


def test_links_and_permissions_stay_and_nothing_is_left_behind() -> None:
    Path("real").mkdir()
    Path("real/s.grad.toml").write_text(PRODUCT + POINT)
    Path("real/s.grad.toml").chmod(0o640)
    Path("link.grad.toml").symlink_to("real/s.grad.toml")
    assert written("link.grad.toml").code == 0
    assert Path("link.grad.toml").is_symlink()
    assert "expect" in Path("real/s.grad.toml").read_text()
    assert stat.S_IMODE(os.stat("real/s.grad.toml").st_mode) == 0o640  # noqa: PTH116
    assert os.listdir("real") == ["s.grad.toml"]  # noqa: PTH208


def test_a_suite_that_has_changed_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("s.grad.toml").write_text(PRODUCT + POINT)
    renewal = gradcli.renew_suites(["."])
    saved = PRODUCT + POINT + "# saved by somebody\n"
    Path("s.grad.toml").write_text(saved)
    with pytest.raises(gradcli.FileProblem, match="has changed while it was checked"):
        refuse_changed(renewal.files[0])
    monkeypatch.setattr(gradcli, "renew_suites", lambda *_, **__: renewal)
    ended = written()
    assert (ended.code, "has changed while it was checked" in ended.err) == (2, True)
    assert Path("s.grad.toml").read_text() == saved


def test_tables_of_pyproject_are_written_too() -> None:
    Path("pyproject.toml").write_text('[project]\nname = "p"\n\n[[tool.gradcli.check]]\nprogram = "x**2"\nat = {x = 3}\n\n[tool.x]\n')
    assert written().code == 0
    assert "at = {x = 3}\nexpect = {x = 6.0}\n\n[tool.x]" in Path("pyproject.toml").read_text()


@pytest.mark.parametrize(
    "words", [["--json"], ["--format", "plain"], ["-o", "a.txt"], ["--failed-only"], ["--jobs", "2"], ["--shard", "1/2"], ["--list"]]
)
def test_options_that_have_no_meaning_beside_it_are_refused(words: list[str]) -> None:
    Path("s.grad.toml").write_text(PRODUCT + POINT)
    ended = written(*words)
    assert (ended.code, "has no meaning beside --write" in ended.err) == (2, True)


def test_a_program_on_the_command_line_has_no_suite_to_write() -> None:
    assert "is for suites" in written("x^2", "x=1").err


def test_nothing_to_check_is_an_error() -> None:
    assert written().code == 2
