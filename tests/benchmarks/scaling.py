"""Long straight-line programs against `ast.parse` on the same text: `python -m tests.benchmarks.scaling [statements]`."""

from __future__ import annotations

import ast
import random
import sys
import tracemalloc

import gradcli
from tests.benchmarks.timing import interleaved, line, seconds

AT = {"x": 1.0, "w": 0.9}


def program(statements: int) -> str:
    """A straight-line program of one-operation statements over two inputs."""
    chance = random.Random(1)
    lines = ["v1 = x + w"]
    for i in range(1, statements):
        other = chance.choice(["w", "x", "1.5", f"v{max(1, i - 3)}"])
        lines.append(f"v{i + 1} = v{i} {chance.choice('+-*/')} {other}")
    return "\n".join(lines)


def bytes_per_operation(text: str, statements: int) -> float:
    """The peak of what text to gradients allocates, per operation."""
    tracemalloc.start()
    result = gradcli.grad(text, AT)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(result.graph) == statements + 2
    return peak / statements


def main() -> None:
    """Prints each figure with its limit."""
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    text = program(statements)
    times = interleaved(
        {"ast": lambda: ast.parse(text), "parse": lambda: gradcli.parse(text), "grad": lambda: gradcli.grad(text, AT)}, rounds=15
    )
    print(line(f"parse of {statements} statements / ast.parse", times["parse"] / times["ast"], 0.4))
    print(line(f"text to all gradients of {statements} statements / ast.parse", times["grad"] / times["ast"], 0.5))
    print(line("bytes per operation, text to gradients", bytes_per_operation(text, statements), 500))
    longer = program(10 * statements)
    ratios = sorted(seconds(lambda: gradcli.grad(longer, AT)) / seconds(lambda: gradcli.grad(text, AT)) for _ in range(5))
    print(line(f"{10 * statements} statements / {statements} statements", ratios[2], 11))


if __name__ == "__main__":
    main()
