"""Cold starts as whole processes, against importing what they need: `python -m tests.benchmarks.startup`.

Install gradcli without `-e` for honest figures: installing compiles its bytecode, as it does for Typer and SymPy.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys

from tests.benchmarks.timing import interleaved, line, process

PROGRAM = ["(x+w)*(w+1)", "--at", "w=1,x=2"]


def on_a_terminal() -> None:
    """`grad` with its boxed table, on a pseudo terminal."""
    master, slave = pty.openpty()
    with subprocess.Popen([sys.executable, "-m", "gradcli", "grad", *PROGRAM], stdout=slave, stderr=slave, stdin=slave) as child:
        os.close(slave)
        try:
            while os.read(master, 65536):
                pass
        except OSError:
            pass  # the terminal's other end is closed: the process has ended
        child.wait()
    os.close(master)


def main() -> None:
    """Prints each figure with its limit."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    times = interleaved(
        {
            "typer": process(["-c", "import typer"]),
            "json": process(["-m", "gradcli", "grad", *PROGRAM, "--json"]),
            "table on a pipe": process(["-m", "gradcli", "grad", *PROGRAM]),
            "table on a terminal": on_a_terminal,
            "sympy": process(["-c", "import sympy, typer"]),
            "check": process(["-m", "gradcli", "check", *PROGRAM]),
        },
        rounds=21,
    )
    print(line("grad --json / import typer", times["json"] / times["typer"], 1.4))
    print(line("grad, table on a pipe / import typer", times["table on a pipe"] / times["typer"], 2.1))
    print(line("grad, Rich table on a terminal / import typer", times["table on a terminal"] / times["typer"], 2.1))
    print(line("check of one expression / import sympy, typer", times["check"] / times["sympy"], 1.4))


if __name__ == "__main__":
    main()
