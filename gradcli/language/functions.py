"""Functions that programs define: their parameters, calls and results, and `@gradient(f)`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from gradcli.errors import NotSupported, WrongArguments, nearest
from gradcli.language.conditionals import Places
from gradcli.language.draft import Bracket, Draft
from gradcli.language.grammar import BOTTOM, CONSTANTS
from gradcli.language.hints import short
from gradcli.language.operands import normal, require_name
from gradcli.language.program import CALL, FALL, GOTO, PARAM, RETURN, Function
from gradcli.language.scopes import Scope
from gradcli.operations import OPS


@dataclass
class Call:
    """A call whose arguments are put in order at the end, when every function is known."""

    instruction: int
    function: str
    token: int
    end: int
    given: list[int]
    keywords: dict[str, int]
    within: int | None
    unpacked: int = 0


class Functions:
    """The functions of a parse.

    declared  the names behind every `def` of the text; `numbers` those whose header has been read
    current   the number of the function whose lines are read
    waiting   (function, token) of `@gradient(…)` above the next one
    """

    def __init__(self, declared: frozenset[str]) -> None:
        self.declared = declared
        self.numbers: dict[str, int] = {}
        self.found: list[Function] = []
        self.calls: dict[int, Call] = {}
        self.current: int | None = None
        self.waiting: tuple[str, int] | None = None
        self.defaults: dict[str, int] = {}
        self.around = -1

    # --- headers --------------------------------------------------------------------------------------------------------------

    def decorator(self, draft: Draft, match: re.Match[str] | None, token: int) -> None:
        """`@gradient(f)`."""
        if match is None:
            what = "'@' in a line of its own names the function whose gradient follows"
            draft.fail(what, "write @gradient(f)", start=token, kind=NotSupported)
        if draft.blocks.open or match[1] not in self.numbers:
            near = nearest(match[1], self.numbers)
            hint = f"did you mean '{near}'?" if near else f"define it above: def {short(match[1])}(x): …"
            draft.fail(f"there is no function '{short(match[1])}' whose gradient this could be", hint, start=token)
        self.waiting = match[1], token

    def define(self, draft: Draft, operand: str) -> None:
        """The name behind `def`, and the bracket of its parameters; below `@gradient(f)` it may be f again, which calls still mean."""
        plain = normal(operand.rstrip("( \t"))
        require_name(draft, plain, plain)
        if not operand.endswith("("):
            draft.fail("'(' is missing behind the name of a function", f"write def {short(plain)}(x):")
        if plain in CONSTANTS:
            draft.fail(f"'{plain}' is a constant and can't be a function", f"choose another name, such as {plain}_1")
        again = self.waiting is not None and plain == self.waiting[0]
        name = f"@gradient({plain})" if again else plain
        if name in self.numbers:
            draft.fail(f"'{short(plain)}' is defined twice", f"choose another name, such as {short(plain)}_2", kind=NotSupported)
        if draft.blocks.names.has(plain):
            draft.fail(f"'{short(plain)}' is a name with a value and can't be a function", f"choose another name, such as {short(plain)}_1")
        self.found.append(Function(name, draft.token))
        self.defaults = {}
        draft.opens.append(Bracket(None, plain, draft.token, len(draft.operands), len(draft.operations), "def"))
        draft.pending.append(BOTTOM)

    def parameter(self, draft: Draft, operand: str, operator: str) -> None:
        """The name of a parameter."""
        plain, function, bracket = normal(operand), self.found[-1], draft.opens[-1]
        require_name(draft, plain, operand)
        if operator not in (",", ")", "=", "\n", ""):
            draft.fail("a parameter is a name, or a name with a value", "write def f(x, rate=0.1):")
        if plain in function.params:
            draft.fail(f"the parameter '{short(plain)}' stands there twice", "give every parameter a name of its own")
        if bracket.keywords and operator != "=":
            draft.fail("a parameter without a value stands behind one with a value", f"write {short(plain)}=…", kind=WrongArguments)
        function.params = (*function.params, plain)
        if operator == "=":
            bracket.keyword = plain

    def close(self, draft: Draft, bracket: Bracket, rest: list[int]) -> None:
        """The end of the parameters."""
        if rest:
            draft.fail(
                "a parameter is a name, or a name with a value", "write def f(x, rate=0.1):", start=bracket.token, end=draft.token + 1
            )
        self.defaults = bracket.keywords

    def begin(self, draft: Draft) -> None:
        """The colon behind the header: the lines that follow are the function's."""
        function, names = self.found[-1], draft.blocks.names
        self.around = draft.emit(GOTO, (-1,), function.token, function.token)
        function.start = len(draft.operations)
        function.defaults = tuple(self.defaults.values())
        function.entries = tuple(draft.emit(PARAM, (0,), function.token, function.token) for _ in function.params)
        names.scope = Scope(function, dict(zip(function.params, function.entries, strict=True)), [set(function.params)])
        names.slots.update((entry, f"{function.name}.{name}") for name, entry in names.scope.slots.items())
        self.current = self.numbers[function.name] = len(self.found) - 1
        if self.waiting is not None:
            self.attach(draft, function, *self.waiting)
            self.waiting = None

    def attach(self, draft: Draft, function: Function, name: str, token: int) -> None:
        """Makes a function the gradient of another one."""
        of = self.found[self.numbers[name]]
        if of.gradient is not None:
            draft.fail(f"'{short(name)}' has a gradient already", "define one gradient for each function", start=token)
        if len(function.params) - len(of.params) not in (0, 1):
            takes, own = ", ".join(of.params), name if function.name.startswith("@") else function.name
            draft.fail(
                f"the gradient of '{short(name)}' takes its {len(of.params)} parameters, not {len(function.params)}",
                f"write def {own}({takes}): or, with the gradient of its value last, def {own}({takes}, g):",
                start=function.token, kind=WrongArguments,
            )  # fmt: skip
        of.gradient = self.numbers[function.name]

    def end(self, draft: Draft) -> None:
        """The end of a function's lines."""
        function, names = self.found[self.current], draft.blocks.names  # type: ignore[index]
        draft.emit(FALL, (0,), function.token, function.token)
        function.end = len(draft.operations)
        function.cleared = tuple(names.scope.cleared)
        if not function.results:
            draft.fail(f"'{short(function.name)}' returns nothing", "end it with return and a value", start=function.token)
        draft.program.arguments[self.around] = (function.end,)
        names.scope, self.current = names.top, None
        draft.begin = len(draft.operations)

    # --- results --------------------------------------------------------------------------------------------------------------

    def require(self, draft: Draft) -> None:
        """Refuses `return` outside a function."""
        if self.current is None:
            draft.fail("'return' outside a function", "the last statement is the value of the program")

    def give(self, draft: Draft, register: int, start: int) -> None:
        """The end of a `return`."""
        function = self.found[self.current]  # type: ignore[index]
        results = [*draft.results, register]
        draft.results = []
        if function.results not in (0, len(results)):
            message = (
                f"'{short(function.name)}' returns {function.results} value{'s' * (function.results > 1)} above, and {len(results)} here"
            )
            draft.fail(message, "return as many everywhere", start=draft.blocks.returning)
        function.results = len(results)
        if draft.blocks.names.quiet:
            results = [draft.emit(OPS["detach"], (one,), start, draft.end) for one in results]
        draft.emit(RETURN, tuple(results), draft.blocks.returning, draft.end)
        draft.blocks.returning = None
        draft.blocks.open[-1].dead = True

    # --- calls ----------------------------------------------------------------------------------------------------------------

    def call(self, draft: Draft, bracket: Bracket, given: list[int]) -> int:
        """A call; its arguments are put in order when the text is complete."""
        name = bracket.name
        if self.current is None and name not in self.numbers:
            draft.fail(f"'{short(name)}' is called before it is defined", f"move def {short(name)} above this line", start=bracket.token)
        at = draft.emit(CALL, (0,), bracket.token, draft.token + 1)
        self.calls[at] = Call(at, name, bracket.token, draft.token + 1, given, bracket.keywords, self.current)
        return at

    def results(self, call: Call) -> int:
        """How many values a call gives, as far as is known: 0 if its function is not complete."""
        number = self.numbers.get(call.function)
        return 0 if number is None else self.found[number].results

    def conclude(self, draft: Draft) -> None:
        """Puts the arguments of all calls in order."""
        if self.waiting is not None:
            draft.fail("'@gradient(…)' stands above a function", "write def … in the next line", start=self.waiting[1])
        for call in self.calls.values():
            number = self.numbers[call.function]
            function = self.found[number]
            draft.program.arguments[call.instruction] = (number, *self.arguments(draft, call, function))
            self.require_count(draft, call, function)
            if call.within is not None:
                self.found[call.within].calls.add(number)
        for function in self.found:
            if function.gradient is not None:
                self.require_gradient(draft, function, self.found[function.gradient])
        draft.program.functions = self.found

    def arguments(self, draft: Draft, call: Call, function: Function) -> list[int]:
        """The registers of a call's arguments in the order of the parameters."""
        params, takes = function.params, ", ".join(function.params)
        given = dict(zip(params, call.given, strict=False))
        for name in call.keywords:
            if name not in params or name in given:
                what = "is given twice" if name in given else "is no parameter"
                self.refuse(draft, call, f"'{short(name)}' {what} of '{function.name}'", f"write {function.name}({takes})")
        given |= call.keywords
        given = dict(zip(params[len(params) - len(function.defaults) :], function.defaults, strict=True)) | given
        missing = [name for name in params if name not in given]
        if len(call.given) > len(params) or missing:
            least = len(params) - len(function.defaults)
            count = f"{least} to {len(params)}" if function.defaults else str(least)
            message = f"{short(function.name)} takes {count} argument{'s' * (len(params) != 1)}, not {len(call.given) + len(call.keywords)}"
            self.refuse(draft, call, message, f"write {short(function.name)}({takes})")
        return [given[name] for name in params]

    def require_count(self, draft: Draft, call: Call, function: Function) -> None:
        """Refuses a call that takes another number of results than the function returns."""
        if call.unpacked == function.results or (function.results == 1 and not call.unpacked):
            return
        names = ", ".join("pqrstuvw"[: function.results]) or "p"
        message = f"{short(function.name)} returns {function.results} value{'s' * (function.results > 1)}"
        many = (
            f"take them apart with {names} = {short(function.name)}(…)" if function.results > 1 else f"write p = {short(function.name)}(…)"
        )
        self.refuse(draft, call, message, many)

    def refuse(self, draft: Draft, call: Call, message: str, hint: str) -> NoReturn:
        """Refuses a call."""
        draft.fail(message, hint, start=call.token, end=call.end, kind=WrongArguments)

    def require_gradient(self, draft: Draft, of: Function, gradient: Function) -> None:
        """Refuses a gradient that can't be one: it knows its parameters and nothing else."""
        outside = next(((f, f.free) for f in [gradient, *map(self.found.__getitem__, self.reached(gradient))] if f.free), None)
        if outside is not None:
            name, token = next(iter(outside[1].items()))
            hint = f"make {short(name)} a parameter of {of.name} and of {gradient.name}"
            draft.fail(f"'{short(name)}' is no parameter, and a gradient knows its parameters only", hint, start=token, kind=NotSupported)
        if of.results != 1 or gradient.results != len(of.params):
            what = f"returns {gradient.results} for {len(of.params)} parameters" if of.results == 1 else "belongs to several results"
            hint = f"return one derivative per parameter: return {', '.join('d' + name for name in of.params)}"
            draft.fail(f"the gradient '{short(gradient.name)}' {what}", hint, start=gradient.token, kind=WrongArguments)

    def reached(self, function: Function) -> set[int]:
        """The functions that a function calls, directly or not."""
        found: set[int] = set()
        waiting = list(function.calls)
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                waiting += self.found[number].calls
        return found

    def moved(self, places: Places) -> None:
        """New numbers for all instructions."""
        for function in self.found:
            function.start, function.end = places.landing(function.start), places.landing(function.end)
            for field in ("defaults", "entries", "cleared"):
                setattr(function, field, tuple(map(places.register, getattr(function, field))))
