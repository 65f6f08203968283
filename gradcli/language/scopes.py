"""Names of a program with blocks: which register is whose slot, and where a name surely has a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from gradcli.errors import NotSupported
from gradcli.language.draft import Draft
from gradcli.language.hints import short
from gradcli.language.program import BIND, CALL, CHECK, JOIN, MEASURE, PARAM, PART, Function
from gradcli.operations import OPS

FRESH = frozenset((BIND, CALL, JOIN, MEASURE, PART))
"""Instructions that move a value into a register of their own."""


@dataclass
class Scope:
    """The names of the top level, or of one function.

    slots    the register of each name
    assured  names that surely have a value, one set per open block
    cleared  slots that may be read before they have a value
    """

    function: Function | None = None
    slots: dict[str, int] = field(default_factory=dict)
    assured: list[set[str]] = field(default_factory=lambda: [set()])
    cleared: dict[int, None] = field(default_factory=dict)

    def sure(self, name: str) -> bool:
        """Whether a name surely has a value here."""
        return any(name in names for names in self.assured)


class Names:
    """The scopes of a parse.

    targets  the slots that instructions write, other than the one of their own; `lasting` those that bind outside functions
    early    inputs that functions found, with the token: assigned later, they would not be inputs
    """

    def __init__(self) -> None:
        self.top = Scope()
        self.scope = self.top
        self.targets: dict[int, int] = {}
        self.lasting: set[int] = set()
        self.slots: dict[int, str] = {}
        self.early: dict[str, tuple[int, Function]] = {}
        self.bound: dict[str, int] = {}
        self.quiet = 0

    def read(self, draft: Draft, name: str) -> int:
        """The register of a name that is read."""
        scope = self.scope
        if name not in scope.slots and scope.function is not None:
            scope.function.free.setdefault(name, draft.token)
            if name not in self.top.slots:
                self.early[name] = (draft.token, scope.function)
            scope = self.top
        slot = scope.slots.get(name)
        if slot is None:
            slot = scope.slots[name] = draft.program.inputs[name] = draft.emit(OPS["input"], (), draft.token, draft.token, name)
            self.slots[slot] = name
            scope.assured[0].add(name)
        elif not scope.sure(name):
            draft.emit(CHECK, (slot,), draft.token, draft.token)
            scope.cleared[slot] = None
        return slot

    def bind(self, draft: Draft, name: str, register: int, start: int) -> int:
        """Binds a name to a register's value; its slot."""
        scope, program = self.scope, draft.program
        self.refuse_late(draft, name, start)
        if self.quiet and name:
            register = draft.emit(OPS["detach"], (register,), start, draft.end)
        elif not self.fresh(draft, register):
            register = draft.emit(BIND, (register,), start, draft.end)
        slot = scope.slots.setdefault(name, register)
        if slot != register:
            self.targets[register] = slot
        self.slots[slot] = shown = f"{scope.function.name}.{name}" if scope.function and name else name
        if draft.operations[register] not in FRESH and name:
            program.names[register] = shown
        if scope.function is None:
            self.lasting.add(register)
            self.bound[name] = self.bound.get(name, 0) + 1
        scope.assured[-1].add(name)
        return slot

    def slot(self, draft: Draft, name: str, token: int) -> int:
        """The slot of a name that a loop or a call gives a value."""
        self.refuse_late(draft, name, token)
        if name not in self.scope.slots:
            slot = self.scope.slots[name] = draft.emit(PARAM, (0,), token, token)
            function = self.scope.function
            self.slots[slot] = f"{function.name}.{name}" if function else name
        self.scope.assured[-1].add(name)
        return self.scope.slots[name]

    def write(self, instruction: int, slot: int) -> None:
        """Lets an instruction write a slot."""
        self.targets[instruction] = slot
        if self.scope.function is None and slot in self.slots:
            self.lasting.add(instruction)
            self.bound[self.slots[slot]] = 2

    def fresh(self, draft: Draft, register: int) -> bool:
        """Whether a register is this statement's own result, which no name holds."""
        if register < draft.begin or register in self.slots or register in self.targets:
            return False
        return draft.operations[register] in FRESH or draft.operations[register].name != "input"

    def refuse_late(self, draft: Draft, name: str, start: int) -> None:
        """Refuses an assignment behind uses that meant something else."""
        function = self.scope.function
        if function is not None and name in function.free and name not in self.scope.slots:
            message = f"'{short(name)}' is read before '{function.name}' assigns it: there it has no value"
            draft.fail(message, f"make it a parameter, or assign it first: {short(name)} = 0", start=function.free[name], kind=NotSupported)
        if function is None and name in self.early and name in draft.program.inputs:
            token, user = self.early[name]
            self.too_late(draft, name, token, user, start)

    def too_late(self, draft: Draft, name: str, token: int, user: Function, start: int) -> NoReturn:
        """Refuses to assign at the top level what a function above has read as an input."""
        line = draft.line(start)
        message = f"'{short(name)}' is read in '{user.name}' and assigned later, in line {line}"
        draft.fail(message, f"move the assignment above def {user.name}, or make {short(name)} a parameter", start=token, kind=NotSupported)

    # --- blocks ---------------------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """A block begins: what it assigns is sure only inside."""
        self.scope.assured.append(set())

    def leave(self) -> set[str]:
        """A block ends; what it surely assigned."""
        return self.scope.assured.pop()

    def assure(self, names: set[str]) -> None:
        """Names that surely have a value from here on."""
        self.scope.assured[-1] |= names

    def has(self, name: str) -> bool:
        """Whether a name means something already."""
        return name in self.scope.slots or name in self.top.slots
