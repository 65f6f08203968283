"""What a row of the table declares whose operation is about whole arrays: it reads, moves or combines elements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcli.operations.arrays import plain
from gradcli.operations.op import Op, Rule


class ArrayOp(Op):
    """One structural operation; fields beyond those of `Op`:

    settings      names of the parameters that are no numbers: an axis, a shape, the parts of an index. They have no derivative, and
                  every rule gets them as Python has them: None, a truth value, text, a float, an array of floats
    keywords      names of the parameters that are given by keyword only
    variadic      the parameter that takes any number of arguments, at most one; rules get them as a tuple in its place
    value         arguments -> value, on floats and arrays of floats, by NumPy
    exact         `lambda F, …`, the same over any number system F, whose arrays hold objects; None: `value` does that as well
    decide, piece as in Op, for operations that choose by value (sort): `decide(…)` answers Pieces, `piece(F, k, …)` carries them out
    pullbacks     one rule per parameter, `lambda F, g, y, …`: the share of the argument in the adjoint g of the value y; for the
                  variadic parameter a list of shares, one per argument; None where no derivative passes
    pushforwards  one rule per parameter, `lambda F, t, y, …`: what a tangent t of the argument contributes to the tangent of y;
                  for the variadic parameter t is a tuple
    linear        the value is linear in each argument by itself: pushforwards are the operation with t in the argument's place
    selects       some elements of its arguments have no influence on the value: they get no share, instead of 0·inf; needs `moves`
    moves         a pullback that only moves and adds elements: it also says which elements of an adjoint are alive
    elements      how many elements the value has, before it is computed: for operations whose value is larger than their arguments
    error         `lambda y, …`, a bound of the error of `value`, absolute, an array like y or a number; on floats
    share         the share of each operand in words, `g` the adjoint, with semicolons between them
    cases         arguments at which tests try the row, one per parameter: of an array its shape as text, such as "2x3", "number" or
                  "definite 3x3"; of the variadic parameter a tuple; of a setting its value
    draws         the value is random: `value(generator, …)`
    """

    __slots__ = (
        "cases", "draws", "elements", "error", "keywords", "linear", "moves", "pullbacks", "pushforwards", "settings", "share",
        "structural", "variadic",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        aliases: str = "",
        params: str = "x",
        *,
        settings: str = "",
        keywords: str = "",
        variadic: str | None = None,
        pullbacks: tuple[Rule | None, ...] = (),
        pushforwards: tuple[Rule | None, ...] = (),
        linear: bool = False,
        moves: bool = False,
        elements: Callable[..., int] | None = None,
        error: Callable[..., Any] | None = None,
        cases: tuple[tuple[Any, ...], ...] = (),
        draws: bool = False,
        share: str = "",
        exact: Rule | None = None,
        **fields: Any,
    ) -> None:
        super().__init__(name, aliases, params, exact=exact, **fields)
        self.structural = True
        self.settings = frozenset(settings.split())
        self.keywords = frozenset(keywords.split())
        self.variadic = variadic
        self.pullbacks = pullbacks
        self.linear = linear
        self.pushforwards = pushforwards or (
            tuple(pullback and self.with_tangent(i) for i, pullback in enumerate(pullbacks)) if linear else ()
        )
        self.moves = moves
        self.elements = elements
        self.error = error
        self.cases = cases
        self.draws = draws
        self.share = share
        self.differentiable = any(pullback is not None for pullback in pullbacks)
        self.exact = exact or (lambda F, *xs: self.value(*xs))
        self.detaches = draws

    def with_tangent(self, i: int) -> Rule:
        """The pushforward of an operation that is linear in its i-th parameter."""

        def pushforward(F: Any, t: Any, y: Any, *grouped: Any) -> Any:
            return getattr(F, self.name)(*self.flat([*grouped[:i], t, *grouped[i + 1 :]]))

        return pushforward

    def flat(self, grouped: Sequence[Any]) -> list[Any]:
        """Arguments as a node has them, from one entry per parameter."""
        if self.variadic is None:
            return list(grouped)
        i = self.params.index(self.variadic)
        return [*grouped[:i], *grouped[i], *grouped[i + 1 :]]

    def grouped(self, arguments: Sequence[Any], plainly: Callable[[Any], Any] = plain) -> list[Any]:
        """One entry per parameter, from a node's arguments: a tuple for the variadic one; settings made plain by `plainly`."""
        found = list(arguments)
        if self.variadic is not None:
            i, behind = self.place_of_variadic
            end = len(found) - behind
            found[i:end] = [tuple(found[i:end])]
        if self.settings:
            for i, name in enumerate(self.params):
                if name in self.settings:
                    found[i] = tuple(map(plainly, found[i])) if name == self.variadic else plainly(found[i])
        return found

    @property
    def place_of_variadic(self) -> tuple[int, int]:
        """How many parameters stand before the variadic one, and how many behind it."""
        i = self.params.index(str(self.variadic))
        return i, len(self.params) - i - 1

    def piece_of(self, values: Sequence[Any]) -> Any:
        """The Pieces that arrays of floats or of mpmath numbers lie on."""
        return self.decide(*self.grouped(values))  # type: ignore[misc]

    def parameter_of(self, position: int, count: int) -> int:
        """The parameter that a node's argument belongs to, of `count` arguments."""
        if self.variadic is None:
            return position
        i, behind = self.place_of_variadic
        return position if position < i else i if position < count - behind else position - (count - len(self.params))
