"""Programs in any language: a process that is kept alive and answers a line of JSON with a line of JSON.

    {"id": 1, "x": {"w": 1.0, "v": [1.0, 2.0]}, "want": ["value", "grad"]}
    {"id": 1, "value": 2.5, "grad": {"w": 0.5, "v": [1.0, 0.0]}}        or  {"id": 1, "error": "w must be positive"}

Knows what the lines say. How they travel, child.py knows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gradcli.errors import TargetProblem, nearest
from gradcli.operations.arrays import shape_of
from gradcli.results import Value
from gradcli.targets.processes.child import Broken, Child
from gradcli.targets.processes.commands import not_started, words_of
from gradcli.targets.processes.pipes import Said, pass_on
from gradcli.targets.target import Outputs, Target, complete
from gradcli.targets.wire import STARTING, TIMEOUT, cut, read_json, seconds, sendable, spelled, told, value_of

OUTPUT = "value"
"""The name of an output that has none."""

EXAMPLE = '{"id": 1, "value": 2.5, "grad": {"w": 0.5}}'
ALONE = "standard output is for answers alone; what else there is to say belongs on standard error"

Answer = Mapping[str, Any]


def opened(given: Mapping[str, Any], folder: str) -> Process:
    """The program that options name; it is started, so that a command which can't be says so at once."""
    process = Process(given["exec"], timeout=seconds(given.get("timeout")), folder=folder)
    process.started()
    return process


class Process(Target):
    """A program that another process runs.

    What it offers is known after its first answer: a program without "grad" claims no derivative. An answer with "error" means that
    the function has no value at that point. Whatever else it says or does against the protocol ends it, and it is `gone`.
    """

    kind = "exec"

    def __init__(self, command: str, *, timeout: float | None = None, folder: str | None = None, said: Said = pass_on) -> None:
        """A command without a shell, the seconds that an answer may take, the folder to run it in, what takes its standard error."""
        self.name = command.strip()
        self.options = ("--exec", self.name, *(("--timeout", f"{timeout:g}") if timeout else ()))
        self.timeout = timeout
        self.folder = folder
        self.said = said
        self.derivatives = frozenset({"jacobian"})
        self.notes = []
        self.child: Child | None = None
        self.over = False
        self.asked = 0
        self.shapes: dict[str, tuple[int, ...]] = {}

    def __enter__(self) -> Process:
        self.started()
        return self

    def close(self) -> None:
        """Ends the process, if it runs."""
        child, self.child, self.over = self.child, None, True
        if child is not None:
            child.end()

    def prepared(self, at: Mapping[str, Value]) -> dict[str, Value]:
        """The point as it is, because only the program knows its inputs; asks it there once, to know what it offers."""
        try:
            if not self.shapes:
                self.evaluate(at)
        except TargetProblem as problem:
            if problem.gone:
                raise
        return complete(self, at)

    def evaluate(self, at: Mapping[str, Value]) -> Outputs:
        """The outputs at a point, asked anew every time."""
        answer = self.ask(at, ["value"] if self.shapes else ["value", "grad"])
        if not self.shapes and answer.get("grad") is None:
            self.derivatives = frozenset()
        return self.outputs(answer, at)

    def jacobian(self, at: Mapping[str, Value]) -> Mapping[tuple[str, str], Value]:
        """The derivatives that the program answers at a point; inputs that it leaves out are not in it."""
        answer = self.ask(at, ["value", "grad"])
        outputs = self.outputs(answer, at)
        found = answer.get("grad")
        if not isinstance(found, dict):
            raise self.gone(f'answered {"no" if found is None else cut(spelled(found)) + " as"} "grad"', at, EXAMPLE)
        rows = self.rows(found, outputs, at)
        return {
            (output, name): self.derivative(output, name, value, outputs, at) for output, row in rows.items() for name, value in row.items()
        }

    def rows(self, found: Answer, outputs: Outputs, at: Mapping[str, Value]) -> Mapping[str, Answer]:
        """Gradients by outputs; of a single output the program may leave its name out."""
        tabled = bool(found) and all(isinstance(row, dict) for row in found.values())
        if tabled and found.keys() <= outputs.keys():
            return found
        if len(outputs) == 1:
            return {next(iter(outputs)): found}
        what = f'answered {cut(spelled(found))} as "grad" of several outputs'
        raise self.gone(what, at, '{"y": {"w": 0.5}, "z": {"w": 1}} has a gradient for every output')

    def derivative(self, output: str, name: str, data: Any, outputs: Outputs, at: Mapping[str, Value]) -> Value:
        """The derivative of an output by an input, in its shape: the output's axes, then the input's."""
        if name not in at:
            near = nearest(name, at)
            hint = f"did you mean '{near}'?" if near else f"its inputs are: {', '.join(at) or 'none'}"
            raise self.gone(f"answered a gradient for '{cut(name)}', which is no input", at, hint)
        of = f"the gradient of '{name}'" if len(outputs) == 1 else f"the gradient of '{output}' by '{name}'"
        value = self.value(data, of, at)
        shape = shape_of(outputs[output]) + shape_of(at[name])
        if shape_of(value) != shape:
            hint = "its shape is the input's; of an output with axes those stand before the input's"
            raise self.gone(f"answered {described(value)} as {of}, which is {in_words(shape)}", at, hint)
        return value

    def outputs(self, answer: Answer, at: Mapping[str, Value]) -> Outputs:
        """The value or the values of an answer."""
        data = answer.get("value")
        if "value" not in answer or data == {}:
            known = ", ".join(f'"{key}"' for key in answer)
            raise self.gone(f'answered no "value", but {cut(known)}', at, EXAMPLE)
        named = data if isinstance(data, dict) else {OUTPUT: data}
        found = {name: self.value(item, f'"{name}"', at) for name, item in named.items()}
        shapes = {name: shape_of(value) for name, value in found.items()}
        self.shapes = self.shapes or shapes
        if shapes != self.shapes:
            changed = next(name for name in {**shapes, **self.shapes} if shapes.get(name) != self.shapes.get(name))
            before, now = (in_words(found[changed]) if changed in found else "nothing" for found in (self.shapes, shapes))
            raise self.gone(f'answered {now} as "{changed}", which was {before} before', at, "outputs keep their names and shapes")
        return found

    def value(self, data: Any, what: str, at: Mapping[str, Value]) -> Value:
        """A number or an array of an answer."""
        try:
            return value_of(data)
        except ValueError as fault:
            hint = f'numbers and lists of numbers, as {EXAMPLE}; "nan" and "inf" are numbers too'
            raise self.gone(f"answered no number as {what}: {fault}", at, hint) from fault

    def ask(self, at: Mapping[str, Value], want: list[str]) -> Answer:
        """The answer at a point. Raises TargetProblem, `gone` unless the program itself says that it has no value there."""
        child = self.started()
        self.asked += 1
        request = {"id": self.asked, "x": {name: sendable(value) for name, value in at.items()}, "want": want}
        try:
            usual = STARTING if self.asked == 1 else TIMEOUT
            line = child.ask(json.dumps(request).encode() + b"\n", self.timeout or usual)
        except Broken as fault:
            raise self.gone(fault.what, at, fault.hint) from fault
        answer = self.read(line, at)
        if answer.get("error") is not None:
            said = answer["error"] if isinstance(answer["error"], str) else spelled(answer["error"])
            raise TargetProblem(
                f"'{cut(self.name)}' has no value at {told(at)}: {cut(said)}", "the program says so; --at gives another point"
            )
        if answer.get("id") not in (self.asked, str(self.asked)):
            said = f"id {cut(spelled(answer['id']).removesuffix('.0'), 30)}" if "id" in answer else "no id"
            what = f"answered with {said} where id {self.asked} was asked"
            raise self.gone(what, at, "every request has one answer, a line with its id")
        return answer

    def read(self, line: bytes, at: Mapping[str, Value]) -> Answer:
        """The object that a line is."""
        text = line.decode("utf-8", "backslashreplace").removeprefix("\ufeff").strip()
        try:
            line.decode()
            answer = read_json(text)
        except UnicodeDecodeError as fault:
            raise self.gone(f"answered a line that is not UTF-8: '{cut(text)}'", at, "write JSON as UTF-8, or with ASCII alone") from fault
        except ValueError as fault:
            raise self.gone(f"answered a line that is not JSON: '{cut(text)}' ({fault})", at, cure(text)) from fault
        if not isinstance(answer, dict):
            raise self.gone(f"answered {cut(spelled(answer))}, which is no object", at, EXAMPLE)
        return answer

    def started(self) -> Child:
        """The process, started if it is not yet."""
        if self.over:
            raise TargetProblem(f"'{cut(self.name)}' has been ended", gone=True)
        if self.child is None:
            command = words_of(self.name, self.folder)
            try:
                self.child = Child(command, self.folder, self.said)
            except (OSError, ValueError) as fault:
                word = command.split(maxsplit=1)[0] if isinstance(command, str) else command[0]
                raise not_started(self.name, word, self.folder, fault) from fault
        return self.child

    def gone(self, what: str, at: Mapping[str, Value], hint: str) -> TargetProblem:
        """The error for a program that does not do what was agreed; it is ended."""
        if self.child is not None:
            self.child.kill()
        self.close()
        return TargetProblem(f"'{cut(self.name)}' {what} (at {told(at)})", hint, gone=True)


def described(value: Value) -> str:
    """A value in words."""
    return repr(value) if isinstance(value, float) else in_words(shape_of(value))


def in_words(shape: tuple[int, ...]) -> str:
    """A shape in words."""
    return f"an array of shape {shape}" if shape else "a number"


def cure(text: str) -> str:
    """What helps against a line that is not JSON."""
    if not text.startswith("{"):
        return ALONE
    if text.startswith("{'") or "'id'" in text:
        return "JSON has double quotes: print(json.dumps(answer)) in Python"
    return f"a number has a point, not a comma, and numbers stand in lists with brackets: {EXAMPLE}"
