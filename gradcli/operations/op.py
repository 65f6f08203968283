"""What one row of the table of operations declares.

A row knows one primitive operation and nothing about parsing, graphs or sweeps. The number systems (`Algebra`) know how to carry
a row out on their numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.operations.arrays import Pieces, has_arrays, is_array, lifted, pieces, plain, unboxed
from gradcli.operations.lazily import np, silently

Rule = Callable[..., Any]


def nan_result(*arguments: Any) -> float:
    """The value where the real function has none."""
    return math.nan


class Op:
    """One primitive operation of the table; see the package's docstring for the meaning of the fields.

    name, aliases   what a program may call it; `symbol` is its operator, if it has one
    params          names of its arguments, for keyword arguments and messages; `defaults` gives the optional ones
    value           float arguments -> float; may raise ArithmeticError or ValueError: then `exceptional` gives the IEEE value
    array           the same over arrays of floats: the name of a NumPy function, or a function; without it `value` is taken one by one
    alone           the row of a reduction that a call with one argument, or with that row's keywords, means: max(x, axis=0)
    exact           `lambda m, x: …`, the function itself over `m`, which is mpmath or SymPy
    decide, piece   a function made of smooth pieces: `decide(x)` names the piece at a point (an int), `piece(F, k, x)` is the
                    function on it. Rows with `decide` need no `exact`
    arithmetic      its `exact` and `value` are Python's own + - * / on the arguments: number systems that have these run it as it is
    commutes        its arguments may change places
    folds           a call may have more arguments than parameters: the first two are taken together, then with the third, …
    chooses         it is written `a if condition else b`
    told            positions of arguments that SymPy is told as numbers where they are constants: its derivative then has values
                    where the general one has none, such as that of x**2 at 0
    symbolic        `lambda m, x: …`, a row with pieces as one SymPy expression, to be shown and differentiated in formulas
    partials        one `lambda F, y, x: …` per argument, over any number system F; None: no derivative with respect to it
    selects         its partials are zero exactly where an argument has no influence nearby: such a share is no share, not 0·inf
    ulps            bound of the error of `value` in units in the last place, a number or a function of (y, *arguments)
    corner, kink    a function that is zero exactly on the kink and measures the distance to it (nan where there is no distance);
                    the same in words
    domain, samples the set where it is defined, in words; arguments for tests, inside the domain
    edge            a function that is zero exactly where the domain ends, or where there is a hole in it
    boolean         its value is a truth value, without gradient
    leaf            it computes nothing: inputs, and named constants
    internal        hidden from `ops` and from programs: there because a derivative needs it
    """

    settings: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    variadic: str | None = None
    structural = False
    draws = False
    transparent = False
    """What only rows of arrays have, see `ArrayOp`."""

    __slots__ = (
        "aliases",
        "alone",
        "arithmetic",
        "array",
        "boolean",
        "chooses",
        "commutes",
        "corner",
        "decide",
        "defaults",
        "detaches",
        "differentiable",
        "doc",
        "domain",
        "edge",
        "exact",
        "exceptional",
        "folds",
        "internal",
        "kink",
        "leaf",
        "name",
        "params",
        "partials",
        "piece",
        "samples",
        "selects",
        "symbol",
        "symbolic",
        "told",
        "ulps",
        "value",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        aliases: str = "",
        params: str = "x",
        *,
        value: Callable[..., Any],
        array: str | Callable[..., Any] | None = None,
        alone: str | None = None,
        exceptional: Callable[..., Any] = nan_result,
        exact: Rule | None = None,
        symbolic: Rule | None = None,
        decide: Callable[..., int] | None = None,
        piece: Rule | None = None,
        partials: tuple[Rule | None, ...] = (),
        defaults: tuple[float, ...] = (),
        selects: bool = False,
        ulps: float | Callable[..., float] = 1,
        corner: Callable[..., Any] | None = None,
        kink: str = "",
        domain: str = "all real numbers",
        edge: Callable[..., Any] | None = None,
        samples: tuple[tuple[float, ...], ...] = (),
        arithmetic: bool = False,
        commutes: bool = False,
        folds: bool = False,
        chooses: bool = False,
        told: tuple[int, ...] = (),
        boolean: bool = False,
        leaf: bool = False,
        internal: bool = False,
        symbol: str | None = None,
        doc: str = "",
    ) -> None:
        self.name = name
        self.aliases = tuple(aliases.split())
        self.params = tuple(params.split())
        self.value = value
        self.array = array
        self.alone = alone
        self.exceptional = exceptional
        self.exact = exact
        self.symbolic = symbolic
        self.decide = decide
        self.piece = piece
        self.partials = partials
        self.defaults = defaults
        self.selects = selects
        self.ulps = ulps
        self.corner = corner
        self.kink = kink
        self.domain = domain
        self.edge = edge
        self.samples = samples
        self.arithmetic = arithmetic
        self.commutes = commutes
        self.folds = folds
        self.chooses = chooses
        self.told = told
        self.boolean = boolean
        self.leaf = leaf
        self.internal = internal
        self.symbol = symbol
        self.doc = doc
        self.differentiable = any(partial is not None for partial in partials)
        self.detaches = decide is not None and not self.differentiable and not boolean

    def __repr__(self) -> str:
        return f"Op({self.name!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        from gradcli.operations.table import by_name

        return by_name, (self.name,)

    def grouped(self, arguments: Sequence[Any], plainly: Callable[[Any], Any] = plain) -> Sequence[Any]:
        """One entry per parameter, from a node's arguments."""
        return arguments

    def parameter_of(self, position: int, count: int) -> int:
        """The parameter that a node's argument belongs to, of `count` arguments."""
        return position

    @property
    def arity(self) -> tuple[int, int]:
        """The smallest and the largest number of arguments."""
        return len(self.params) - len(self.defaults), len(self.params)

    def piece_of(self, values: Sequence[Any]) -> Any:
        """The piece of a row with pieces that floats or mpmath numbers lie on; None where they are not finite; Pieces for arrays."""
        return pieces(self.piece_at, values) if has_arrays(values) else self.piece_at(*values)

    def piece_at(self, *values: Any) -> Any:
        """The same for numbers."""
        try:
            return self.decide(*values)  # type: ignore[misc]
        except (ArithmeticError, ValueError):
            return None


class Algebra:
    """A number system in which rules are written: `F.<name>` is the operation of that name on its numbers.

    Subclasses say in `operation` how a row is carried out and give `pi`; the functions are made from the table on first use.
    """

    pi: Any
    decides: bool = True
    """Whether its numbers have values that may decide: which piece an operation lies on, and where it passes nothing."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        from gradcli.operations.table import by_name

        if name.startswith("__"):
            raise AttributeError(name)
        function = self.carried(by_name(name))
        setattr(self, name, function)
        return function

    def carried(self, op: Op) -> Callable[..., Any]:
        """The function that carries `op` out on this system's numbers, and on arrays of them."""
        return (lambda *xs: self.whole(op, xs)) if op.structural else lifted(self.operation(op))

    def whole(self, op: Op, arguments: Sequence[Any]) -> Any:
        """An operation about whole arrays: on the pieces that it decides for where it has some, else by its rule."""
        if op.decide is not None:
            return self.on_piece(op, op.piece_of([self.decisive(x) for x in arguments]), arguments)
        grouped = op.grouped(arguments, self.plain)
        with silently():
            return self.finished(op, grouped, op.exact(self, *grouped))  # type: ignore[misc]

    def finished(self, op: Op, grouped: Sequence[Any], result: Any) -> Any:
        """The result of an operation about whole arrays, whose rule may have left plain numbers in it."""
        return self.numbers(unboxed(result))

    def operation(self, op: Op) -> Callable[..., Any]:
        """The function that carries `op` out on this system's numbers."""
        raise AttributeError(op.name)

    def number(self, value: float) -> Any:
        """A float as a number of this system."""
        return value

    def plain(self, value: Any) -> Any:
        """A setting as Python has it: None, a truth value, text, a float, an array of floats."""
        return plain(value)

    def decisive(self, value: Any) -> Any:
        """What decisions about a value are made by: floats, and arrays of floats."""
        return self.plain(value)

    def roughly(self, value: Any) -> Any:
        """Floats near numbers, for choices that are right whatever they are: by what to shift exponentials, by what to divide first."""
        return self.plain(value)

    def vanishes(self, x: Any) -> bool:
        """Whether a number is zero, beyond doubt."""
        return bool(self.decisive(x) == 0)

    def piece_of(self, op: Op, arguments: Sequence[Any]) -> Any:
        """The piece of an operation that numbers of this system lie on."""
        return op.piece_of(arguments)

    def on_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Any:
        """An operation made of pieces on the piece that `k` names, or element by element on Pieces; nan where there is none."""
        if op.structural:
            grouped = op.grouped(arguments, self.plain)
            return self.finished(op, grouped, op.piece(self, k, *grouped))  # type: ignore[misc]
        if isinstance(k, Pieces):
            return np.frompyfunc(lambda k, *xs: self.one_piece(op, k, xs), 1 + len(arguments), 1)(k.array, *arguments)
        return self.one_piece(op, k, arguments)

    def one_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Any:
        """The same for numbers."""
        return self.number(math.nan) if k is None else bool(k) if op.boolean else op.piece(self, k, *arguments)  # type: ignore[misc]

    def numbers(self, value: Any) -> Any:
        """A number or an array of numbers as this system has it; settings stay what they are."""
        if is_array(value):
            return np.frompyfunc(self.number, 1, 1)(value)
        return value if value is None or isinstance(value, bool | str | tuple) else self.number(value)

    def partials_by(self, rule: Rule, y: Any, arguments: Sequence[Any]) -> Any:
        """A partial of an elementwise row by its rule, where the value y is an array."""
        return np.frompyfunc(lambda y, *xs: self.partial_by(rule, y, xs), 1 + len(arguments), 1)(y, *arguments)

    def partial_by(self, rule: Rule, y: Any, arguments: Sequence[Any]) -> Any:
        """A partial of a row by its rule; where that raises, what `careful` says."""
        try:
            return rule(self, y, *arguments)
        except (ArithmeticError, ValueError):
            return self.careful(rule, y, arguments)

    def careful(self, partial: Rule, y: Any, arguments: Sequence[Any]) -> Any:
        """What a partial is whose rule raised: nothing that is known."""
        return self.number(math.nan)
