"""Square brackets and attributes: lists, parts of arrays, `x.T`, `x.shape[0]`, and the values of settings."""

from __future__ import annotations

from typing import Any, NoReturn

from gradcli.errors import NotSupported
from gradcli.language import hints
from gradcli.language.draft import Bracket, Draft
from gradcli.language.grammar import BOTTOM, END, POSTFIX
from gradcli.language.hints import short
from gradcli.language.program import MEASURE, MEASURES
from gradcli.operations import OPS, Op, find

Part = tuple[Any, ...]
DEEPEST = 64
"""How many axes NumPy's arrays may have."""

SPECS = {"item": ("item",), "ellipsis": ("ellipsis",), "newaxis": ("newaxis",)}


def index(draft: Draft, array: int, pieces: tuple[int, ...], spec: tuple[Part, ...], first: int, last: int) -> int:
    """A part of an array."""
    draft.program.arrays = True
    return draft.emit(OPS["index"], (array, *pieces, draft.constant(spec, "")), first, last)


def open_square(draft: Draft, have: bool) -> None:
    """`[`: an index behind an operand, else a list."""
    token = draft.token + 1
    if not have:
        kind = "items" if takes_items(draft) else "list"
        bracket = Bracket(None, "", token, len(draft.operands), len(draft.operations), kind)
    else:
        draft.reduce(POSTFIX)
        bracket = Bracket(None, "", token, len(draft.operands), len(draft.operations), "shape" if is_shape(draft) else "index")
    bracket.mark = len(draft.operations), len(draft.program.constants)
    draft.opens.append(bracket)
    draft.pending.append(BOTTOM)
    draft.glue = ""


def is_shape(draft: Draft) -> bool:
    """Whether the last operand is `x.shape`."""
    at = draft.operands[-1]
    return 0 <= at == len(draft.operations) - 1 and draft.operations[at] is MEASURE and draft.program.arguments[at][1:] == (3, 0)


def takes_items(draft: Draft) -> bool:
    """Whether a list or tuple that begins here is taken apart: it is the whole value of a setting, or of arguments of any number."""
    if draft.pending[-1] is not BOTTOM or not draft.opens:
        return False
    return param_of(draft.opens[-1], len(draft.operands) - draft.opens[-1].base) is not None


def param_of(bracket: Bracket, count: int) -> str | None:
    """The parameter of an argument behind `count` others, if it is a setting or takes any number of arguments."""
    if bracket.kind != "call" or bracket.op is None:
        return None
    rows = [bracket.op, *([OPS[bracket.op.alone]] if bracket.op.alone else [])]
    for op in rows:
        name = bracket.keyword or positional(op, count)
        if name is not None and (name == op.variadic or name in op.settings):
            return name
    return None


def positional(op: Op, count: int) -> str | None:
    """The parameter of the argument without a name behind `count` others."""
    params = [param for param in op.params if param not in op.keywords]
    if op.variadic in params and count >= params.index(op.variadic):
        return op.variadic
    return params[count] if count < len(params) else None


def close_square(draft: Draft, given: bool) -> None:
    """`]`: the part at an index."""
    bracket = draft.opens[-1]
    end_of_part(draft, given)
    close(draft)
    (measured if bracket.kind == "shape" else close_index)(draft, bracket)


def close(draft: Draft) -> None:
    """Takes the innermost bracket away."""
    draft.opens.pop()
    draft.pending.pop()


def close_index(draft: Draft, bracket: Bracket) -> None:
    """The part of the operand before the bracket."""
    if not bracket.spec:
        draft.fail("an index is missing between '[' and ']'", "write x[0], or x[:] for all of x", start=bracket.token, end=draft.token + 1)
    spec, pieces = tuple(bracket.spec), tuple(bracket.pieces)
    draft.operands[-1] = index(draft, draft.operands[-1], pieces, spec, draft.starts[-1], draft.token + 1)


def measured(draft: Draft, bracket: Bracket) -> None:
    """`x.shape[k]`: one length."""
    k = bracket.pieces[0] if bracket.pieces else 0
    if bracket.spec != [SPECS["item"]] or k >= 0 or not float(draft.value_of(k)).is_integer():
        draft.fail("the place in a shape is a whole number", "write x.shape[0]", start=bracket.token, end=draft.token + 1)
    array, what, _ = draft.program.arguments[-1]
    draft.program.arguments[-1] = array, what, int(draft.value_of(k))
    draft.program.last[-1] = draft.token + 1


# --- lists --------------------------------------------------------------------------------------------------------------------


def close_items(draft: Draft, bracket: Bracket, given: bool) -> None:
    """The end of a list, or of the values of a setting."""
    end_of_item(draft, given)
    count = len(draft.operands) - bracket.base
    close(draft)
    if not count:
        draft.fail("an empty list has no value", "write zeros(0) for an array without elements", start=bracket.token, end=draft.token + 1)
    outer = draft.opens[-1] if draft.opens else None
    if bracket.kind == "items" and outer is not None and outer.kind == "call" and outer.op is not None:
        name = param_of(outer, bracket.base - outer.base)
        if name != outer.op.variadic or outer.keyword is not None:
            setting(draft, bracket, count)
        else:
            outer.groups.append((bracket.base - outer.base, count, bracket.token, draft.token + 1))
        return
    items = draft.operands[bracket.base :]
    del draft.operands[bracket.base :], draft.starts[bracket.base :]
    operations, constants = bracket.mark
    place = bracket.token, draft.token + 1
    constant = operations == len(draft.operations) and all(item < 0 for item in items)
    register = literal(draft, items, *place, constants) if constant else stack(draft, items, *place)
    draft.operands.append(register)
    draft.starts.append(bracket.token)


def literal(draft: Draft, items: list[int], first: int, last: int, before: int) -> int:
    """A list of constants is one constant; those that only it holds are taken back."""
    from gradcli.operations.lazily import np

    values = [draft.value_of(item) for item in items]
    if any(getattr(value, "shape", ()) != getattr(values[0], "shape", ()) for value in values):
        draft.fail("the rows of this list have different lengths", "give every row as many numbers", start=first, end=last)
    if not all(isinstance(value, float) or hasattr(value, "shape") for value in values):
        draft.fail("a list holds numbers", "write [1, 2]", start=first, end=last)
    if getattr(values[0], "ndim", 0) >= DEEPEST:
        draft.fail(f"more than {DEEPEST} lists stand inside each other", "arrays have fewer axes", start=first, end=last)
    array = np.array(values)
    array.setflags(write=False)
    del draft.program.constants[before:], draft.program.literals[before:]
    for spelling in reversed(draft.constants):
        if draft.known[spelling] >= -before:
            break
        draft.constants.pop()
        del draft.known[spelling]
    draft.program.arrays = True
    return draft.constant(array, draft.source(first, last))


def setting(draft: Draft, bracket: Bracket, count: int) -> None:
    """A list of constants as the value of a setting."""
    registers = draft.operands[bracket.base :]
    if any(register >= 0 for register in registers):
        draft.fail("this setting takes numbers that are written out", "write axis=(0, 1)", start=bracket.token, end=draft.token + 1)
    values = tuple(draft.value_of(register) for register in registers)
    del draft.operands[bracket.base :], draft.starts[bracket.base :]
    draft.operands.append(draft.constant(values, draft.source(bracket.token, draft.token + 1)))
    draft.starts.append(bracket.token)


def stack(draft: Draft, items: list[int], first: int, last: int) -> int:
    """Values as the parts of one array."""
    draft.program.arrays = True
    return draft.emit(OPS["stack"], (*items, draft.shared_constant(0.0, "0")), first, last)


def end_of_item(draft: Draft, given: bool) -> None:
    """An item of a list is complete."""
    draft.reduce(END)
    if given:
        fold_sign(draft)
    draft.opens[-1].start = len(draft.operations)


def fold_sign(draft: Draft) -> None:
    """The minus of a literal that was just read becomes part of it: settings and places are no nodes."""
    at = draft.operands[-1]
    if at == len(draft.operations) - 1 and at >= 0 and draft.operations[at] is OPS["neg"] and draft.program.arguments[at][0] < 0:
        (positive,) = draft.undo()
        if isinstance(draft.value_of(positive), float):
            draft.operands[-1] = draft.shared_constant(-draft.value_of(positive), "-" + draft.program.literals[-positive - 1])


# --- parts of an index --------------------------------------------------------------------------------------------------------


def end_of_part(draft: Draft, given: bool) -> None:
    """A part of an index is complete."""
    bracket = draft.opens[-1]
    draft.reduce(END)
    if given:
        fold_sign(draft)
    if bracket.slice is not None:
        piece_of_slice(draft, bracket, given)
        present = [*bracket.slice, None][:3]
        bracket.spec.append(("slice", *(piece is not None for piece in present)))
        bracket.pieces += [piece for piece in present if piece is not None]
        bracket.slice = None
    elif given:
        register = draft.operands.pop()
        draft.starts.pop()
        meant = draft.value_of(register) if register < 0 else 0.0
        if meant is None or meant is Ellipsis:
            bracket.spec.append(SPECS["newaxis" if meant is None else "ellipsis"])
        else:
            bracket.spec.append(SPECS["item"])
            bracket.pieces.append(register)
    bracket.start = len(draft.operations)


def colon(draft: Draft, given: bool) -> None:
    """`:` inside an index."""
    bracket = draft.opens[-1]
    if bracket.kind != "index" or (bracket.slice is not None and len(bracket.slice) == 2):
        draft.fail("':' has no meaning here", "a slice is written x[a:b] or x[a:b:step]", start=draft.token + 1)
    draft.reduce(END)
    if given:
        fold_sign(draft)
    if bracket.slice is None:
        bracket.slice = []
    piece_of_slice(draft, bracket, given)
    bracket.start = len(draft.operations)
    draft.glue = ""


def piece_of_slice(draft: Draft, bracket: Bracket, given: bool) -> None:
    """One of the numbers of a slice, or its absence."""
    assert bracket.slice is not None
    bracket.slice.append(draft.operands.pop() if given else None)
    if given:
        draft.starts.pop()


# --- attributes ---------------------------------------------------------------------------------------------------------------


def attribute(draft: Draft, name: str, token: int) -> bool:
    """`.T`, `.size`, `.ndim` or `.shape` of the last operand; False if programs have no such attribute."""
    draft.reduce(POSTFIX)
    first, last = draft.starts[-1], token
    draft.end = token
    if name in ("T", "mT"):
        draft.program.arrays = True
        draft.operands[-1] = transposed(draft, OPS["transpose"], draft.operands[-1], first, last)
    elif name in ("size", "ndim") or (name == "shape" and draft.behind(token) == "["):
        draft.operands[-1] = measure(draft, draft.operands[-1], name, first, last)
    else:
        return False
    draft.glue = ""
    return True


def transposed(draft: Draft, op: Op, register: int, first: int, last: int) -> int:
    """`x.T`."""
    return draft.emit(op, (register,), first, last)


def measure(draft: Draft, register: int, what: str, first: int, last: int) -> int:
    """A plain number that a shape has."""
    draft.program.branching = True
    return draft.emit(MEASURE, (register, MEASURES.index(what), 0), first, last)


def refuse_attribute(draft: Draft, name: str, token: int) -> NoReturn:
    """Refuses an attribute that programs don't have."""
    if name == "shape":
        draft.fail("a shape is used one length at a time", "write x.shape[0]", start=token, kind=NotSupported)
    hint = hints.method(f".{name}") if find(name) or name in hints.BACKWARD else hints.no_method(name)
    draft.fail(f"'.{short(name)}' is an attribute that programs don't have", hint, start=token)
