"""The last pass of a parse: columns that the whole program must be known for."""

from __future__ import annotations

from array import array

from gradcli.language.conditionals import Places
from gradcli.language.custom import custom
from gradcli.language.draft import Draft
from gradcli.language.grammar import INFIX
from gradcli.language.program import CALL, Control, Program
from gradcli.operations import OPS


def slots(draft: Draft) -> None:
    """The names of a program with blocks."""
    program, names = draft.program, draft.blocks.names
    program.branching = True
    program.registers.update({name: slot for name, slot in names.top.slots.items() if name})


def finish(draft: Draft, places: Places | None) -> None:
    """Everything that depends on the final numbers of instructions."""
    program = draft.program
    if "@" in program.text and not program.arrays:
        program.arrays = any(operation is INFIX.get("@") for operation in program.operations)
    if draft.blocks is not None:
        place_names(draft, places)
        for at, operation in enumerate(program.operations):
            if operation is CALL and program.functions[program.arguments[at][0]].gradient is not None:
                number, *given = program.arguments[at]
                program.customs[at] = custom(program, number), (program.targets[at], *given)
    output = program.output
    if output >= 0:
        program.output_name = (program.slots[output] or None) if output in program.slots else program.names[output]
    if program.branching:
        place_stops(program)


def place_names(draft: Draft, places: Places | None) -> None:
    """Slots, and what instructions write, with final numbers."""
    program, names = draft.program, draft.blocks.names

    def new(register: int) -> int:
        return places.register(register) if places is not None else register

    program.targets = array("q", range(len(program)))
    for instruction, slot in names.targets.items():
        program.targets[new(instruction)] = new(slot)
    program.lasting = bytearray(len(program))
    for instruction in names.lasting:
        program.lasting[new(instruction)] = 1
    program.slots = {new(slot): name for slot, name in names.slots.items()}
    if places is not None:
        draft.blocks.functions.moved(places)


def place_stops(program: Program) -> None:
    """The next instruction that moves the run, from each."""
    stop = len(program)
    program.stops = array("q", [stop]) * (stop + 1)
    for i in range(len(program) - 1, -1, -1):
        if isinstance(program.operations[i], Control) or program.operations[i] is OPS["input"]:
            stop = i
        program.stops[i] = stop
