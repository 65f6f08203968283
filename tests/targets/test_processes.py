"""Programs in any language: what their lines mean, and what is said about programs that do not keep to the protocol."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradcli.checking import check_suites
from gradcli.checking.foreign import check_target
from gradcli.errors import TargetProblem, UsageError
from gradcli.targets import open_target
from gradcli.targets.processes import child as children
from gradcli.targets.processes import pipes
from gradcli.targets.processes.process import Process
from tests.targets.programs import SQUARE, program, saying

W = {"w": 3.0}
LIMIT = 60.0
"""Seconds for answers that come at once."""
SHORT = 0.4
"""Seconds for answers that never come."""


def problem(command: str, at: Any = W, timeout: float = LIMIT) -> TargetProblem:
    """What is said about a program."""
    with Process(command, timeout=timeout) as target, pytest.raises(TargetProblem) as caught:
        target.jacobian(at)
    return caught.value


def answered(folder: Path, *lines: str, at: Any = W) -> Any:
    """The outputs and the derivatives that a program answers with two lines."""
    with Process(saying(folder, *lines), timeout=LIMIT) as target:
        return target.evaluate(at), target.jacobian(at)


def ends(pid: int) -> bool:
    """Whether a process that was told to end does; the system needs a moment for that."""
    deadline = time.monotonic() + LIMIT
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not alive(pid)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z" if Path("/proc/self").exists() else True
    except OSError:
        return False


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Every test ends with the threads it began with, and all its processes have been waited for."""
    started: list[children.Child] = []
    begin = children.Child.__init__

    def counted(self: children.Child, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        started.append(self)

    monkeypatch.setattr(children.Child, "__init__", counted)
    before = threading.active_count()
    yield
    assert threading.active_count() == before
    assert all(found.process.returncode is not None and found.closed for found in started)
    assert all(pipe.closed for found in started for pipe in (found.process.stdin, found.process.stdout, found.process.stderr) if pipe)


def test_a_process_answers_values_and_gradients(tmp_path: Path) -> None:
    with Process(program(tmp_path, SQUARE), timeout=LIMIT) as target:
        assert target.prepared(W) == W
        assert [target.evaluate({"w": float(w)})["value"] for w in range(5)] == [0, 1, 4, 9, 16]
        assert target.jacobian(W) == {("value", "w"): 6.0}
        assert target.derivatives == {"jacobian"}


def test_one_process_answers_all_requests_and_is_told_what_is_wanted(tmp_path: Path) -> None:
    text = "for r in requests(): tell(id=r['id'], value=[os.getpid(), len(r['want'])], grad={'w': [0, 0]})"
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        first, second = (np.asarray(target.evaluate(W)["value"]) for _ in "12")
    assert (first[0], first[1], second[1]) == (second[0], 2, 1)


def test_values_are_arrays_by_names_and_gradients_have_the_outputs_axes_first(tmp_path: Path) -> None:
    values = '{"id": #, "value": {"y": [1, 2], "z": 3}, "grad": {"y": {"v": [[1, 2, 3], [4, 5, 6]]}, "z": {"v": [7, 8, 9]}}}'
    outputs, jacobian = answered(tmp_path, values, values, at={"v": np.array([1.0, 2.0, 3.0])})
    assert {name: np.shape(value) for name, value in outputs.items()} == {"y": (2,), "z": ()}
    assert {pair: np.shape(value) for pair, value in jacobian.items()} == {("y", "v"): (2, 3), ("z", "v"): (3,)}
    assert not outputs["y"].flags.writeable


def test_a_single_named_output_has_its_gradient_with_its_name_or_without(tmp_path: Path) -> None:
    short, long = '{"id": #, "value": {"y": 1}, "grad": {"w": 2}}', '{"id": #, "value": {"y": 1}, "grad": {"y": {"w": 2}}}'
    assert answered(tmp_path, short, long)[1] == answered(tmp_path, short, short)[1] == {("y", "w"): 2.0}


def test_the_program_gets_every_digit_and_words_for_what_json_has_not(tmp_path: Path) -> None:
    text = "for r in requests(): tell(id=r['id'], value=[float(v) for v in r['x']['v']] + [r['x']['w'] == 'nan'] * 0)"
    v = np.array([0.1, math.pi, 5e-324, -0.0, 1e308, math.inf, -math.inf, math.nan])
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        found = target.evaluate({"v": v, "w": math.nan})["value"]
        assert target.derivatives == frozenset()
    assert np.asarray(found).tobytes() == v.tobytes()


@pytest.mark.parametrize(
    ("spelling", "value"),
    [
        ("NaN", math.nan), ("nan", math.nan), ("-nan", math.nan), ('"nan"', math.nan), ("null", math.nan), ("Infinity", math.inf),
        ("-inf", -math.inf), ("+INF", math.inf), ('"inf"', math.inf), ('"-Infinity"', -math.inf), (".5", 0.5), ("-.5", -0.5), ("1.", 1.0),
        ("+2", 2.0), ("1D-3", 1e-3), ("2.5E+02", 250.0), ("1e999", math.inf), ("-0", -0.0), ('"2.5"', 2.5), ("np.float64(2.5)", 2.5),
        ("np.float64(nan)", math.nan), ("1" * 400, math.inf),
    ],
)  # fmt: skip
def test_numbers_are_read_as_other_languages_spell_them(spelling: str, value: float, tmp_path: Path) -> None:
    line = f'{{"id": #, "value": {spelling}, "grad": {{"w": [1, {spelling}]}}, "note": "nan, .5"}}'
    outputs, jacobian = answered(tmp_path, line, line.replace(f"[1, {spelling}]", spelling))
    assert repr(outputs["value"]) == repr(jacobian["value", "w"]) == repr(value)


def test_an_error_at_a_point_is_no_value_there_and_the_program_goes_on(tmp_path: Path) -> None:
    with Process(saying(tmp_path, '{"id": #, "error": "w must be small"}', '{"id": #, "value": 1}'), timeout=LIMIT) as target:
        with pytest.raises(TargetProblem, match=r"has no value at w=3\.0: w must be small") as caught:
            target.evaluate(W)
        assert not caught.value.gone
        assert target.evaluate(W)["value"] == 1
        assert target.derivatives == frozenset()


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("Welcome to loss 1.0!", "a line that is not JSON: 'Welcome to loss 1.0!'", "standard error"),
        ("{'id': 1, 'value': 2}", "a line that is not JSON", "double quotes"),
        ('{"id": 1, "value": 2,5}', "a line that is not JSON", "a point, not a comma"),
        ('{"id": 1, "value": 2', "a line that is not JSON", "a point"),
        ("3.5", "answered 3.5, which is no object", '{"id": 1'),
        ("[1, 2]", "answered [1.0, 2.0], which is no object", '{"id": 1'),
        ('{"value": 2}', "answered with no id where id 1 was asked", "its id"),
        ('{"id": 7, "value": 2}', "answered with id 7 where id 1 was asked", "its id"),
        ('{"id": #, "result": 2}', 'answered no "value", but "id", "result"', '"value": 2.5'),
        ('{"id": #, "value": {}}', 'answered no "value"', '"value": 2.5'),
        ('{"id": #, "value": true}', 'no number as "value": true is no number', "lists of numbers"),
        ('{"id": #, "value": "two"}', 'no number as "value": "two" is no number', "lists of numbers"),
        ('{"id": #, "value": [[1, 2], [3]]}', "rows have different lengths", "lists of numbers"),
        ('{"id": #, "value": [1, {"re": 1}]}', '{"re": 1.0} is no number', "lists of numbers"),
        ('{"id": #, "value": {"y": [1, "a"]}}', 'no number as "y": "a" is no number', "lists of numbers"),
        ('{"id": #, "value": ' + "[" * 100_000, "nested too deeply", ""),
        ('{"id": #, "value": 2}', 'answered no "grad"', '"grad": {"w": 0.5}'),
        ('{"id": #, "value": 2, "grad": 3}', 'answered 3.0 as "grad"', '"grad": {"w": 0.5}'),
        ('{"id": #, "value": 2, "grad": {"W": 3}}', "a gradient for 'W', which is no input", "did you mean 'w'?"),
        ('{"id": #, "value": 2, "grad": {"w": [3, 4]}}', "an array of shape (2,) as the gradient of 'w', which is a number", "the input's"),
        ('{"id": #, "value": [2, 3], "grad": {"w": 1}}', "answered 1.0 as the gradient of 'w', which is an array of shape (2,)", "axes"),
        ('{"id": #, "value": 2, "grad": {"w": "x"}}', "no number as the gradient of 'w'", "lists of numbers"),
        ('{"id": #, "value": {"y": 1, "z": 2}, "grad": {"w": 3}}', 'as "grad" of several outputs', "a gradient for every output"),
        ('{"id": #, "value": {"y": 1, "z": 2}, "grad": {"u": {"w": 3}}}', 'as "grad" of several outputs', "for every output"),
    ],
)  # fmt: skip
def test_nonsense_is_repeated_and_its_cure_is_said(line: str, what: str, hint: str, tmp_path: Path) -> None:
    found = problem(saying(tmp_path, line))
    assert what in found.message
    assert hint in (found.hint or "")
    assert "(at w=3.0)" in found.message
    assert found.gone
    assert "\n" not in found.message


def test_a_line_too_many_is_an_answer_to_nothing(tmp_path: Path) -> None:
    with Process(saying(tmp_path, '{"id": #, "value": 1}\n{"id": #, "value": 1}'), timeout=LIMIT) as target:
        target.evaluate(W)
        with pytest.raises(TargetProblem, match="answered with id 1 where id 2 was asked"):
            target.evaluate(W)
        with pytest.raises(TargetProblem, match="has been ended"):
            target.evaluate(W)


def test_outputs_that_change_their_shape_are_refused(tmp_path: Path) -> None:
    with Process(saying(tmp_path, '{"id": #, "value": 1}', '{"id": #, "value": [1]}'), timeout=LIMIT) as target:
        target.evaluate(W)
        with pytest.raises(TargetProblem, match=r'an array of shape \(1,\) as "value", which was a number before'):
            target.evaluate(W)


def test_line_ends_of_windows_empty_lines_and_a_byte_order_mark_do_not_matter(tmp_path: Path) -> None:
    text = 'r = asked(); sys.stdout.buffer.write(b\'\\n\\xef\\xbb\\xbf{"id": 1, "value": 2}\\r\\n\'); sys.stdout.flush(); asked()'
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        assert target.evaluate(W)["value"] == 2


def test_bytes_that_are_no_text_are_shown(tmp_path: Path) -> None:
    found = problem(program(tmp_path, "asked(); sys.stdout.buffer.write(b'\\xff\\xfe{}\\n'); sys.stdout.flush(); asked()"))
    assert r"not UTF-8: '\xff\xfe{}'" in found.message


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("asked(); sys.exit(3)", "ended with exit code 3 instead of answering", '"error": "why"'),
        ("asked(); print('bad w', file=sys.stderr); sys.exit(1)", "exit code 1 instead of answering; standard error ends: bad w", ""),
        ("pass", "ended with exit code 0 instead of answering", "until standard input ends"),
        ("asked(); sys.exit(127)", "exit code 127", "the shell did not find a command"),
        ("asked(); os.kill(os.getpid(), signal.SIGKILL)", "was ended by signal 9 (SIGKILL)", ""),
        ("asked(); os.abort()", "was ended by signal 6 (SIGABRT)", ""),
        ("asked(); print('{\"id\"', end='', flush=True); sys.exit(1)", "a line that is not JSON: '{\"id\"'", ""),
    ],
)  # fmt: skip
def test_a_process_that_ends_is_named_with_its_last_words(text: str, what: str, hint: str, tmp_path: Path) -> None:
    found = problem(program(tmp_path, text))
    assert what in found.message
    assert hint in (found.hint or "")
    assert found.gone


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("signal.pause()", "has not answered within 0.4 s", "flush standard output after each line; --timeout"),
        ("print('{}'); signal.pause()", "has not answered within 0.4 s", "flush"),
        ("signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()", "has not answered", ""),
    ],
)  # fmt: skip
def test_a_process_that_never_answers_is_ended(text: str, what: str, hint: str, tmp_path: Path) -> None:
    buffered = program(tmp_path, text).replace(" -IS ", " -ISE ")
    found = problem(buffered, timeout=SHORT)
    assert what in found.message
    assert hint in (found.hint or "")


def test_a_process_that_stops_in_the_middle_of_an_answer_is_ended(tmp_path: Path) -> None:
    text = "asked(); tell(id=1, value=1); print('{\"id\":2,\"va', end='', flush=True); signal.pause()"
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        target.evaluate(W)
        while not target.started().inbox.data:
            time.sleep(0.01)
        target.timeout = SHORT
        with pytest.raises(TargetProblem) as caught:
            target.evaluate(W)
    assert 'began an answer and did not end it within 0.4 s: \'{"id":2,"va\'' in caught.value.message
    assert "line feed" in (caught.value.hint or "")


def test_a_process_that_never_reads_is_told_from_one_that_never_answers(tmp_path: Path) -> None:
    found = problem(program(tmp_path, "signal.pause()"), {"v": np.ones(200_000)}, SHORT)
    assert "did not read the whole of its request, 1000" in found.message
    assert "read a line from standard input" in (found.hint or "")


def test_a_process_that_closes_its_output_and_lives_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LINGERING", 0.1)
    found = problem(program(tmp_path, "asked(); os.close(1); signal.pause()"))
    assert "has closed its standard output and runs on" in found.message


def test_output_without_end_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "LONGEST", 2**20)
    found = problem(program(tmp_path, "asked()\nwhile True: sys.stdout.write('x' * 65536)"))
    assert "has printed more than 1 MB without ending the line" in found.message


def test_a_large_point_and_a_large_answer_arrive(tmp_path: Path) -> None:
    text = "for r in requests(): tell(id=r['id'], value=sum(r['x']['v']), grad={'v': [1.0] * len(r['x']['v'])})"
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        assert target.evaluate({"v": np.ones(200_000)})["value"] == 200_000
        assert np.shape(target.jacobian({"v": np.ones(200_000)})["value", "v"]) == (200_000,)


def test_standard_error_is_passed_on_line_by_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = (
        "os.write(2, b'one\\ntwo\\xff'); r = asked(); os.write(2, b' three\\n'); tell(id=1, value=1); list(requests()); os.write(2, b'end')"
    )
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        target.evaluate(W)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "one\ntwo\ufffd three\nend\n")


def test_standard_error_goes_where_it_is_wanted_and_may_be_much(tmp_path: Path) -> None:
    said: list[str] = []
    text = "r = asked(); sys.stderr.write('x' * 300_000 + '\\n' + 'y\\n' * 100_000); tell(id=1, value=1); list(requests())"
    with Process(program(tmp_path, text), timeout=LIMIT, said=said.append) as target:
        target.evaluate(W)
    assert ("".join(said).count("x"), said.count("y")) == (300_000, 100_000)


@pytest.mark.parametrize(
    "ending", ["for r in requests(): pass", "signal.pause()", "signal.signal(15, signal.SIG_IGN); tell(id=2)\nwhile 1: signal.pause()"]
)
def test_closing_ends_the_process_and_all_that_it_started(ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE", 0.2)
    text = f"r = asked(); child = os.fork() or signal.pause(); tell(id=1, value=[os.getpid(), child])\n{ending}"
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        pids = [int(pid) for pid in target.evaluate(W)["value"]]  # type: ignore[union-attr]
        assert all(map(alive, pids))
    assert all(map(ends, pids))
    target.close()


def test_a_grandchild_that_keeps_the_pipes_open_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "PATIENCE", 0.1)
    text = "r = asked()\nif not (child := os.fork()): os.setsid(); signal.pause()\ntell(id=1, value=child)\nfor r in requests(): pass"
    with Process(program(tmp_path, text), timeout=LIMIT) as target:
        child = int(target.evaluate(W)["value"])
    os.kill(child, signal.SIGKILL)


def test_an_interruption_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipes.Inbox, "line", interrupted)
    with pytest.raises(KeyboardInterrupt), Process(program(tmp_path, SQUARE), timeout=LIMIT) as target:
        target.evaluate(W)


def test_a_target_that_was_never_used_has_nothing_to_close(tmp_path: Path) -> None:
    target = Process(program(tmp_path, SQUARE))
    target.close()
    target.close()


def script(folder: Path, name: str, text: str, mode: int = 0o755) -> Path:
    """A file in a folder, executable unless `mode` says otherwise."""
    path = folder / name
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_path_of_a_script_is_a_command_also_with_spaces(tmp_path: Path) -> None:
    path = script(tmp_path, "my loss.sh", '#!/bin/sh\nwhile read -r line; do echo \'{"id": 1, "value": 4}\'; done\n')
    with Process(str(path), timeout=LIMIT) as target:
        assert target.evaluate(W)["value"] == 4


def test_a_command_runs_in_its_folder(tmp_path: Path) -> None:
    script(tmp_path, "loss.sh", '#!/bin/sh\nread -r line; echo "{\\"id\\": 1, \\"value\\": $(ls | wc -l)}"\n')
    with Process("./loss.sh", timeout=LIMIT, folder=str(tmp_path)) as target:
        assert target.evaluate(W)["value"] == 1


def test_a_shell_runs_a_pipeline(tmp_path: Path) -> None:
    with Process("""sh -c 'while read -r line; do echo "{\\"id\\": 1, \\"value\\": 7}"; done | cat'""", timeout=LIMIT) as target:
        assert target.evaluate(W)["value"] == 7


@pytest.mark.parametrize(
    ("command", "what", "hint"),
    [
        ("", "the command of --exec is empty", "--exec ./loss"),
        ("./los.sh", "there is no command './los.sh'", "did you mean './los"),
        ("loss.sh", "there is no command 'loss.sh'", "--exec ./loss.sh"),
        ("plain.py", "there is no command 'plain.py'", 'chmod +x ./plain.py, or --exec "python3 ./plain.py"'),
        ("./plain.py", "can't run './plain.py': Permission denied", 'chmod +x ./plain.py, or --exec "python3 ./plain.py"'),
        ("./bare.awk", "can't run './bare.awk': Exec format error", '--exec "awk -f ./bare.awk"'),
        ("./lost.sh", "there is no command './lost.sh'", "#!"),
        ("./folder", "can't run './folder': Permission denied", "is a folder"),
        ("pythn3 loss.py", "there is no command 'pythn3'", "did you mean 'python"),
        ("W=1 ./loss.sh", "there is no command 'W=1'", 'env W=1 ./loss.sh'),
        ("./loss.sh | tee log", "has a '|' for a shell", "sh -c './loss.sh | tee log'"),
        ("$HOME/loss", "has a '$H' for a shell", "sh -c"),
        ("./loss.sh 'a", "has an open quote", "sh -c"),
        ("./loss.sh \0", "can't run './loss.sh': embedded null byte", ""),
        ("qzxv-no-such-thing", "there is no command 'qzxv-no-such-thing'", "./loss"),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_started_has_a_cure(command: str, what: str, hint: str, tmp_path: Path) -> None:
    script(tmp_path, "loss.sh", "#!/bin/sh\n")
    script(tmp_path, "plain.py", "pass", 0o644)
    script(tmp_path, "bare.awk", "BEGIN {}")
    script(tmp_path, "lost.sh", "#!/no/such/shell\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(TargetProblem) as caught, Process(command, folder=str(tmp_path)):
        pass
    assert what in caught.value.message
    assert hint in (caught.value.hint or "")
    assert caught.value.gone


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TargetProblem, match="there is no folder"), Process("ls", folder=str(tmp_path / "none")):
        pass


def test_a_command_that_cannot_be_started_is_refused_when_it_is_opened(tmp_path: Path) -> None:
    with pytest.raises(TargetProblem, match="there is no command"):
        open_target({"exec": "./loss"}, str(tmp_path))


def test_the_check_of_a_process_repeats_itself_and_finds_the_wrong_gradient(tmp_path: Path) -> None:
    right, wrong = (program(tmp_path / name, text) for name, text in (("right", SQUARE), ("wrong", SQUARE.replace("2 *", "3 *"))))
    for command, verdict in ((right, "agree"), (wrong, "disagree")):
        with open_target({"exec": command, "timeout": LIMIT}) as target:
            report = check_target(target, W)
        assert report.checks[0].verdict == verdict
        assert report.checks[0].reproduce.startswith("gradcli check --exec ")


def test_a_program_without_gradient_is_judged_by_claims_and_refused_without_them(tmp_path: Path) -> None:
    command = program(tmp_path, "for r in requests(): tell(id=r['id'], value=r['x']['w'] ** 2)")
    with open_target({"exec": command}) as target:
        assert check_target(target, W, expect={"w": 6}).checks[0].verdict == "agree"
    with open_target({"exec": command}) as target, pytest.raises(UsageError, match="comes without a gradient"):
        check_target(target, W)


def heed_interrupts() -> None:
    """Makes a process react to SIGINT as one that is started by hand."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupted_check_ends_the_process_and_says_so_by_its_exit_code(tmp_path: Path) -> None:
    text = f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()) + '.'); signal.pause()"
    words = [sys.executable, "-m", "gradcli", "check", "--exec", program(tmp_path, text), "--at", "w=1", "--timeout", "600"]
    # what is started in the background of a shell ignores SIGINT, and hands that down
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=heed_interrupts) as process:
        while not (path := tmp_path / "pid").exists() or not path.read_text().endswith("."):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        assert (process.communicate()[0], process.returncode) == (b"", 130)
    assert ends(int(path.read_text().removesuffix(".")))


def test_a_program_that_ends_during_a_search_keeps_the_checks_before_and_says_where(tmp_path: Path) -> None:
    ending = SQUARE.replace("tell(", "sys.exit(3) if abs(r['x']['w']) > 100 else tell(", 1)
    with Process(program(tmp_path, ending), timeout=LIMIT) as target:
        first, last = check_target(target, W, search=True, id="loss")
    assert (first.id, first.verdict) == ("loss", "agree")
    assert (last.id, last.verdict) == ("loss[search]", "error")
    assert "exit code 3" in last.error
    where: Any = last.at["w"]
    assert abs(where) > 100
    assert f"--at w={where!r}" in last.reproduce


def test_points_are_drawn_in_ranges_also_where_a_program_has_no_value_at_others(tmp_path: Path) -> None:
    root = "{'value': w ** 0.5, 'grad': {'w': 0.5 / w ** 0.5}} if w > 0 else {'error': 'no root'}"
    text = f"for r in requests(): w = r['x']['w']; tell(id=r['id'], **({root}))"
    with open_target({"exec": program(tmp_path, text)}) as target:
        report = check_target(target, over="w=-1:10", samples=3)
        assert [check.verdict for check in report.checks] == ["agree"] * 3
        with pytest.raises(UsageError, match=r"only .* knows the names of its inputs"):
            check_target(target, samples=3)


def test_a_suite_runs_programs_of_its_folder(tmp_path: Path) -> None:
    answer = '{\\"id\\": $id, \\"value\\": 4, \\"grad\\": {\\"w\\": 0}}'
    script(tmp_path, "four.sh", f'while read -r line; do id=$((id + 1)); echo "{answer}"; done\n')
    (tmp_path / "s.grad.toml").write_text('[[check]]\nname = "four"\nexec = "sh four.sh"\nat = {w = 1}\ntimeout = 60\n')
    (check,) = check_suites([str(tmp_path)], allow_exec=True).checks
    assert (check.verdict, check.kind) == ("agree", "exec")
