"""Gradients that a program defines itself: the operation of a call of f below `@gradient(f)`.

The call runs f as usual; its value then passes through one more node, whose arguments are that value and f's arguments. Engines that
look for the true derivative see the first argument only (`transparent`), the sweep sees the program's own gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcli.language.program import Program
from gradcli.operations import Op
from gradcli.operations.array_op import ArrayOp


class CustomGradient(ArrayOp):
    """The operation of a function with a gradient of its own."""

    transparent = True

    def __init__(self, program: Program, number: int) -> None:
        function = program.functions[number]
        self.program = program
        self.number = number
        count = len(function.params)
        super().__init__(
            function.name,
            params=" ".join(("value", *(f"x{i}" for i in range(count)))),
            value=lambda value, *xs: value,
            pullbacks=(None, *(self.pullback(i) for i in range(count))),
            internal=True,
            doc=f"the value of {function.name}, whose gradient the program defines",
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return custom, (self.program, self.number)

    def pullback(self, i: int) -> Callable[..., Any]:
        """The share of the i-th argument in the adjoint of the value."""

        def share(F: Any, g: Any, y: Any, value: Any, *xs: Any) -> Any:
            from gradcli.language.replaying import results_of

            function = self.program.functions[self.number]
            gradient = self.program.functions[function.gradient]  # type: ignore[index]
            whole = len(gradient.params) > len(function.params)
            found = results_of(self.program, gradient, [*xs, g] if whole else list(xs), F)
            return found[i] if whole else g * found[i]

        return share


def custom(program: Program, number: int) -> Op:
    """The operation of a function of a program."""
    return CustomGradient(program, number)
