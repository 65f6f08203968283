"""A failing point made simple: other numbers, as few and as short as possible, at which the same is wrong.

It asks one question only, whether a point still fails, and asks it no more than a fixed number of times.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcli.checking.points.drawing import Asked
from gradcli.checking.points.ranges import Range
from gradcli.checking.points.sampling import key
from gradcli.errors import GradcliError, TargetProblem
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np
from gradcli.results import Check, Row, Value

RUNS = 60
"""How often a check is asked again for one point."""

SHRUNK = 3
"""Failing checks of a report whose points are made simple."""

LONG = 40
"""Characters of a point that the user gave, from which on a simpler one is looked for."""

FEW = 12
"""Elements of an array that are made simple one by one."""

SIMPLE = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 3.0, 10.0)
"""Numbers that are tried for another one, simplest first."""

Point = Mapping[str, Value]


class Budget:
    """A question that is asked a limited number of times, once for each point; after that the answer is no."""

    def __init__(self, question: Callable[[Point], bool], runs: int) -> None:
        self.question, self.left = question, runs
        self.asked: set[Any] = set()

    def __call__(self, at: Point) -> bool:
        if self.left <= 0 or key(at) in self.asked:
            return False
        self.left -= 1
        self.asked.add(key(at))
        return self.question(at)


def shrunk(at: Point, fails: Callable[[Point], bool], runs: int = RUNS, names: Sequence[str] | None = None) -> dict[str, Value]:
    """The simplest point that was found at which `fails` still holds; `at` itself if there is none. Only `names` change.

    >>> shrunk({"x": 7.1234, "w": 2.5}, lambda at: at["x"] > 3)
    {'x': 7.0, 'w': 0.0}
    """
    ask, found = Budget(fails, runs), dict(at)
    changed = True
    while changed and ask.left:
        changed = False
        for name in names if names is not None else list(at):
            better = next(
                (value for value in simpler(found[name]) if size(value) < size(found[name]) and ask({**found, name: value})), None
            )
            if better is not None:
                found[name], changed = better, True
    return found


def sizes(at: Point) -> list[Any]:
    """How complicated the values of a point are."""
    return [size(value) for value in at.values()]


def size(value: Any) -> tuple[int, int, float]:
    """How complicated a value is: how many numbers of it are not 0, how long they are to read, how far from 0."""
    numbers = [float(x) for x in value.flat] if is_array(value) else [float(value)]
    return sum(map(bool, numbers)), sum(map(length, numbers)), sum(map(rank, numbers))


def length(x: float) -> int:
    """The characters of a number."""
    return len(f"{x:.17g}") if float(f"{x:.6g}") != x else len(f"{x:.6g}")


def rank(x: float) -> float:
    """Where a number stands among those of one length."""
    return SIMPLE.index(x) if x in SIMPLE else len(SIMPLE) + min(abs(x), 1e300)


def simpler(value: Any) -> Iterator[Any]:
    """Values that may be simpler than one, the simplest first; of an array from the whole to its elements."""
    if not is_array(value):
        yield from numbers(value)
        return
    yield from (filled(value, number) for number in (0.0, 1.0))
    yield from blocks(value)
    for change in (np.sign, np.rint, lambda x: digits(x, 1), lambda x: digits(x, 2)):
        yield frozen(np.array(change(value), float))
    for place in list(zip(*np.nonzero(value), strict=True))[:FEW]:
        for number in numbers(float(value[place])):
            yield replaced(value, place, number)


def numbers(x: float) -> list[float]:
    """Numbers that may be simpler than x, the simplest first."""
    return sorted(dict.fromkeys(near(x)), key=size)


def near(x: float) -> Iterator[float]:
    """Simple numbers, and x with fewer digits."""
    yield from SIMPLE
    if math.isfinite(x):
        yield float(f"{x:.1g}")
        if abs(x) < 1e6:
            yield float(round(x))
        yield math.copysign(10.0 ** round(math.log10(abs(x))), x) if 1e-300 < abs(x) < 1e300 else x
        yield from (float(f"{x:.{count}g}") for count in (2, 3, 4))


def blocks(value: Any) -> Iterator[Any]:
    """The array with ever smaller blocks of its elements set to 0."""
    width = value.size // 2
    while width:
        for start in range(0, value.size, width):
            other = np.array(value)
            other.reshape(-1)[start : start + width] = 0.0
            yield frozen(other)
        width //= 2
        if width * 4 * FEW < value.size:
            return


def digits(value: Any, count: int) -> Any:
    """The numbers of an array with fewer digits."""
    return np.array([float(f"{x:.{count}g}") for x in value.flat]).reshape(value.shape)


def filled(value: Any, number: float) -> Any:
    """An array of the same shape, of one number."""
    return frozen(np.full(value.shape, number))


def replaced(value: Any, place: tuple[Any, ...], number: float) -> Any:
    """The array with another number at a place."""
    other = np.array(value)
    other[place] = number
    return frozen(other)


def frozen(array: Any) -> Any:
    """An array that nobody changes."""
    array.setflags(write=False)
    return array


def wrongs(check: Check) -> frozenset[tuple[str, str | None, str]]:
    """What is wrong at a point: by which inputs, of which outputs, and whether it is a claim, a node, or the gradient."""
    return frozenset(
        (row.input.partition("[")[0].partition(",")[0], (row.output or "").partition("[")[0] or None, blamed(row))
        for row in check.rows
        if row.verdict == "disagree"
    )


def blamed(row: Row) -> str:
    """What a row that disagrees blames; a claim that is wrong elsewhere only is another fault than one that is wrong here."""
    wrong = [claim for claim in row.claims if claim.verdict == "disagree"]
    if wrong:
        return wrong[0].text + (", elsewhere" if wrong[0].note.startswith("right here") else "")
    return "a node" if row.node else "the gradient"


def movable(wanted: Asked, checks: Sequence[Check], own: Collection[str]) -> list[str]:
    """The inputs whose values may be made simpler: those that the user did not give, nor the function itself, whose `own` are.

    A single point that he gave is made simpler where it is long to read.
    """
    names = list(checks[0].at)
    free = [name for name in names if name not in wanted.given and name not in own]
    if free or len(checks) > 1 or len(text(checks[0].at)) <= LONG:
        return free
    return [name for name in names if name not in own]


def with_notes(
    checks: Sequence[Check],
    wanted: Asked,
    own: Collection[str],
    judge: Callable[[Point], Check],
    say: Callable[[Point], str],
    runs: int = RUNS,
) -> list[Check]:
    """The checks, the first few of those that disagree with a note of a simpler point; what is wrong alike is made simple once.

    judge  the check at another point; it may raise GradcliError
    say    the command that repeats it there

    A target that ends meanwhile is asked nothing more; the check that was being made simple says so.
    """
    if all(check.passed for check in checks):
        return list(checks)
    names = movable(wanted, checks, own)
    done: set[Any] = set()
    ended: list[str] = []

    def tried(at: Point) -> Check | None:
        if ended or not all(inside(at[name], room) for name, room in wanted.ranges.items()):
            return None
        try:
            return judge(at)
        except TargetProblem as problem:
            if problem.gone:
                ended.append(f"the search for a simpler point ended at {text(at)}: {problem.message}")
        except GradcliError:
            pass
        return None

    found = []
    for check in checks:
        wrong = wrongs(check)
        if names and wrong and not ended and not check.passed and wrong not in done and len(done) < SHRUNK:
            done.add(wrong)
            said = note(check, tried, say, names, runs)
            found.append(replace(check, notes=[*check.notes, *filter(None, [said, *ended])]))
        else:
            found.append(check)
    return found


def inside(value: Any, room: Range) -> bool:
    """Whether a value, or every element of it, lies in a range."""
    return all(float(x) in room for x in value.flat) if is_array(value) else value in room


def text(at: Point) -> str:
    """A point as a sentence shows it."""
    return ", ".join(f"{name} = {written(value)}" for name, value in at.items())


def note(check: Check, judge: Callable[[Point], Check | None], say: Callable[[Point], str], names: Sequence[str], runs: int) -> str:
    """A sentence about a simpler point at which the same is wrong; empty where none was found.

    judge  the check at another point, None where it can't be carried out or the point is not wanted
    say    the command that repeats it there
    """
    own = wrongs(check)

    def fails(at: Point) -> bool:
        other = judge(at)
        return other is not None and bool(own & wrongs(other))

    found = shrunk(check.at, fails, runs, names)
    if sizes(found) == sizes(check.at):
        return ""
    command = say(found)
    return f"also wrong at {text(found)}" + (f": {command}" if command else "")


def written(value: Any) -> str:
    """A value for a sentence."""
    if is_array(value):
        if value.size <= FEW:
            return "[" + ", ".join(map(written, value)) + "]"
        return f"an array of {np.count_nonzero(value)} numbers and {np.sum(value == 0)} zeros"
    return f"{value:g}" if float(f"{value:g}") == value else repr(float(value))
