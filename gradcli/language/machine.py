"""The moves of a run: jumps, loops, calls, names. It computes nothing itself, so that all number systems share it.

`path` yields pieces of straight code, (first instruction, behind the last), in order of execution; whoever drives it computes them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

from gradcli.errors import NotSupported, ShapeProblem, SourceError, WrongArguments
from gradcli.language.limits import LIMITS, Limits, exceeded
from gradcli.language.program import (
    AGAIN,
    BIND,
    BRANCH,
    CALL,
    CHECK,
    EXPECT,
    FALL,
    FOR,
    GOTO,
    JOIN,
    LEAVE,
    LOOP,
    MEASURE,
    PARAM,
    PART,
    RETURN,
    ROWS,
    START,
    STORE,
    UNLESS,
    Function,
    Program,
)  # fmt: skip
from gradcli.operations import OPS

Scope = tuple[Any, int, int]
"""Where a run is: the scope around it (None at the top), the instruction of a loop or call, the round (0 for a call)."""


class Unset:
    """The value of a name that has none yet."""

    def __repr__(self) -> str:
        return "unset"


UNSET = Unset()


class Frame(NamedTuple):
    """A call that is not finished: its instruction, the function, what its code held before, and where the caller was."""

    at: int
    function: Function
    saved: list[list[Any]] | None
    scope: Scope | None


Decide = Callable[[int, Any], bool]


class Machine:
    """The control flow of one run.

    registers  values; `columns` are all lists that move alike, `registers` first, those that only name the values behind it
    history    what each name outside functions was bound to, in order: entries of the last column
    scope      where the run is; `results` what a function gave that was run by itself
    """

    def __init__(self, program: Program, registers: list[Any], columns: list[list[Any]], limits: Limits = LIMITS) -> None:
        self.program = program
        self.limits = limits
        self.registers = registers
        self.columns = columns
        self.targets: Sequence[int] = program.targets or range(len(program))
        self.lasting: Sequence[int] = program.lasting or bytes(len(program))
        self.history: dict[int, list[Any]] = {program.targets[i]: [] for i, lasts in enumerate(program.lasting) if lasts}
        self.frames: list[Frame] = []
        self.active: dict[int, int] = {}
        self.scope: Scope | None = None
        self.results: list[Any] = []
        inputs = set(program.inputs.values())
        for slot in program.slots:
            for column in columns:
                if slot not in inputs:
                    column[slot] = UNSET
        for register in inputs & self.history.keys():
            self.history[register].append(columns[-1][register])

    # --- what drivers say -----------------------------------------------------------------------------------------------------

    def decide(self, at: int, condition: Any) -> bool:
        """Whether a condition counts as true."""
        raise NotImplementedError

    def truth(self, at: int, condition: Any) -> bool:
        """The truth of a value."""
        shape = getattr(condition, "shape", ())
        if shape:
            self.refuse(at, f"a condition is one truth value, not an array of shape {shape}", "write all(…), any(…), or where(c, a, b)")
        return bool(condition)

    def put(self, target: int, value: Any) -> None:
        """Gives a register a plain number, such as that of a loop."""
        raise NotImplementedError

    def plain(self, at: int, value: Any) -> Any:
        """A value as a plain number."""
        return value if type(value) is float else float(value)

    # --- the path -------------------------------------------------------------------------------------------------------------

    def path(self, at: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
        """The pieces of straight code, in order of execution, from an instruction to the end or to the return of a function."""
        program = self.program
        if not program.branching:
            yield from between([*sorted(program.inputs.values()), len(program)])
            return
        operations, arguments, stops = program.operations, program.arguments, program.stops
        registers, columns, targets, decide, moves = self.registers, self.columns, self.targets, self.decide, self.moves()
        end = len(operations) if end is None else end
        steps, most = 0, self.limits.steps
        while True:
            stop = stops[at]
            if stop > at:
                yield at, stop
            steps += stop - at + 1
            if steps > most:
                exceeded(self.limits, "steps", program, min(stop, len(program) - 1))
            if stop >= end:
                return
            operation = operations[stop]
            if operation is UNLESS:
                condition, target = arguments[stop]
                at = stop + 1 if decide(stop, registers[condition]) else target
            elif operation is FOR:
                state, body = arguments[stop]
                loop = registers[state]
                place, last, step = loop
                if decide(stop, place < last if step > 0 else place > last):
                    loop[0] = place + step
                    around, begin, rounds = self.scope  # type: ignore[misc]
                    self.scope = around, begin, rounds + 1
                    self.put(targets[stop], float(place))
                    self.bound(stop, targets[stop])
                    at = body
                else:
                    at = stop + 1
            elif operation is AGAIN:
                around, begin, rounds = self.scope  # type: ignore[misc]
                self.scope = around, begin, rounds + 1
                at = arguments[stop][0]
            elif operation is GOTO:
                at = arguments[stop][0]
            elif operation is BIND:
                source, target = arguments[stop][0], targets[stop]
                for column in columns:
                    column[target] = column[source]
                self.bound(stop, target)
                at = stop + 1
            elif operation is CALL:
                at = self.call(stop, arguments[stop])
            elif operation is RETURN:
                if not self.frames:
                    self.results = [registers[r] for r in arguments[stop]]
                    return
                call = self.give_back(arguments[stop])
                if call in program.customs:
                    yield call, call + 1
                at = call + 1
            else:
                at = moves[operation](stop, arguments[stop])

    def moves(self) -> dict[Any, Callable[[int, tuple[int, ...]], int]]:
        """What the rarer instructions do: the instruction and its arguments -> the next instruction."""
        return {
            BRANCH: self.branch, STORE: self.store, JOIN: self.join, CHECK: self.check, LOOP: self.loop, LEAVE: self.leave,
            START: self.start, ROWS: self.rows, PARAM: lambda at, _: at + 1, FALL: self.fall, PART: self.part, EXPECT: self.expect,
            MEASURE: self.measure, OPS["input"]: lambda at, _: at + 1,
        }  # fmt: skip

    def bound(self, at: int, target: int) -> None:
        """Notes the new value of a name outside functions."""
        if self.lasting[at]:
            self.history[target].append(self.columns[-1][target])

    def move(self, at: int, source: int) -> None:
        """Copies a register into the target of an instruction."""
        target = self.targets[at]
        for column in self.columns:
            column[target] = column[source]
        self.bound(at, target)

    # --- choices --------------------------------------------------------------------------------------------------------------

    def branch(self, at: int, arguments: tuple[int, ...]) -> int:
        condition, true, false = arguments
        return true if self.decide(at, self.registers[condition]) else false

    def store(self, at: int, arguments: tuple[int, ...]) -> int:
        source, join = arguments
        self.move(join, source)
        return join + 1

    def join(self, at: int, arguments: tuple[int, ...]) -> int:
        self.move(at, arguments[0])
        return at + 1

    def check(self, at: int, arguments: tuple[int, ...]) -> int:
        if self.registers[arguments[0]] is UNSET:
            unset(self.program, at, arguments[0])
        return at + 1

    # --- loops ----------------------------------------------------------------------------------------------------------------

    def loop(self, at: int, _: tuple[int, ...]) -> int:
        self.scope = (self.scope, at, 1)
        return at + 1

    def leave(self, at: int, _: tuple[int, ...]) -> int:
        self.scope = self.scope[0]  # type: ignore[index]
        return at + 1

    def start(self, at: int, arguments: tuple[int, ...]) -> int:
        start, stop, step = (self.whole(at, self.registers[a]) for a in arguments)
        if step == 0:
            self.refuse(at, "the step of range is 0", "write range(a, b, 1)")
        if (stop - start) // step > self.limits.steps:
            exceeded(self.limits, "steps", self.program, at)
        self.registers[at] = [start, stop, step]
        self.scope = (self.scope, at, 0)
        return at + 1

    def rows(self, at: int, arguments: tuple[int, ...]) -> int:
        array = self.registers[arguments[0]]
        self.registers[at] = [0, self.length(at, array), 1]
        self.scope = (self.scope, at, 0)
        return at + 1

    def whole(self, at: int, value: Any) -> int:
        """A whole number of a range."""
        number = self.plain(at, value)
        if not isinstance(number, float | int) or number != number or number % 1:
            self.refuse(at, f"range takes whole numbers, not {number}", "write range(round(x)), or a while loop")
        return int(number)

    # --- functions ------------------------------------------------------------------------------------------------------------

    def call(self, at: int, arguments: tuple[int, ...]) -> int:
        """Enters a function: the registers of a call of it that is not finished are kept."""
        function = self.program.functions[arguments[0]]
        frames, columns = self.frames, self.columns
        if len(frames) >= self.limits.depth:
            exceeded(self.limits, "depth", self.program, at)
        given = [[column[a] for a in arguments[1:]] for column in columns]
        active = self.active.get(arguments[0], 0)
        self.active[arguments[0]] = active + 1
        saved = [column[function.start : function.end] for column in columns] if active else None
        frames.append(Frame(at, function, saved, self.scope))
        for column, values in zip(columns, given, strict=True):
            for register, value in zip(function.entries, values, strict=True):
                column[register] = value
        for slot in function.cleared:
            self.registers[slot] = UNSET
        self.scope = (self.scope, at, 0)
        return function.start + len(function.params)

    def give_back(self, results: tuple[int, ...]) -> int:
        """Leaves a function; the instruction that called it."""
        at, function, saved, self.scope = self.frames.pop()
        self.active[self.program.arguments[at][0]] -= 1
        target = self.targets[at]
        values = [column[results[0]] if len(results) == 1 else tuple(column[r] for r in results) for column in self.columns]
        for i, column in enumerate(self.columns):
            if saved is not None:
                column[function.start : function.end] = saved[i]
            column[target] = values[i]
        if at not in self.program.customs:
            self.bound(at, target)
        return at

    def fall(self, at: int, _: tuple[int, ...]) -> int:
        frame = self.frames[-1]
        message = f"the call of '{frame.function.name}' in line {self.program.position(frame.at)[0]} ended without 'return'"
        self.refuse(at, message, "end every way through the function with return")

    def part(self, at: int, arguments: tuple[int, ...]) -> int:
        source, k = arguments
        target = self.targets[at]
        for column in self.columns:
            column[target] = column[source][k]
        self.bound(at, target)
        return at + 1

    def expect(self, at: int, arguments: tuple[int, ...]) -> int:
        source, count = arguments
        value = self.registers[source]
        found = len(value) if isinstance(value, tuple) else self.length(at, value)
        if found != count:
            self.refuse(at, f"{found} value{'s' * (found != 1)} for {count} names", "write as many names as there are values")
        return at + 1

    # --- arrays ---------------------------------------------------------------------------------------------------------------

    def measure(self, at: int, arguments: tuple[int, ...]) -> int:
        source, what, axis = arguments
        shape = tuple(getattr(self.known(at, self.registers[source]), "shape", ()))
        target = self.targets[at]
        if what == 1:
            self.put(target, float(len(shape)))
        elif what == 2:
            size = 1
            for n in shape:
                size *= n
            self.put(target, float(size))
        elif not -len(shape) <= axis < len(shape):
            what_has = f"an array of shape {shape}" if shape else "a number"
            self.refuse(at, f"{what_has} has no axis {axis}", "its axes are counted from 0")
        else:
            self.put(target, float(shape[axis]))
        self.bound(at, target)
        return at + 1

    def length(self, at: int, value: Any) -> int:
        """How many parts an array has along its first axis."""
        shape = getattr(self.known(at, value), "shape", ())
        if not shape:
            self.refuse(at, "a single number has no parts", "a list is written [a, b, c]; a loop counts with for i in range(n):")
        return int(shape[0])

    def known(self, at: int, value: Any) -> Any:
        """A value whose shape is asked."""
        return value

    def refuse(self, at: int, message: str, hint: str, kind: type[SourceError] = WrongArguments) -> NoReturn:
        """Ends the run with an error at an instruction."""
        raise placed(kind, message, hint, self.program, at)


def placed(kind: type[SourceError], message: str, hint: str, program: Program, at: int) -> SourceError:
    """An error at an instruction."""
    if kind is ShapeProblem:
        return ShapeProblem(message, hint).at(program.text, program.span(at))
    return kind(message, program.text, program.span(at), hint)


def between(places: list[int]) -> Iterator[tuple[int, int]]:
    """The pieces before and between some instructions, in ascending order."""
    start = 0
    for place in places:
        if place > start:
            yield start, place
        start = place + 1


def unset(program: Program, at: int, slot: int) -> NoReturn:
    """Refuses to read a name that has no value."""
    name = program.slots[slot].rpartition(".")[2]
    lines = sorted(
        {program.position(i)[0] for i, target in enumerate(program.targets) if target == slot and program.operations[i] is not CHECK}
    )
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines[:3]))}{' …' * (len(lines) > 3)}"
    message = f"'{name}' has no value here: {where}, where it is assigned, was not run"
    raise NotSupported(message, program.text, program.span(at), f"give {name} a value before the branch or loop: {name} = 0")
