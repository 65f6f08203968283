"""What a check costs once SymPy is loaded, and a suite of 1000: `python -m tests.benchmarks.checking`."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

import gradcli
from tests.benchmarks.timing import line, seconds

TYPICAL = (
    ("(x+w)*(w+1)", "w=1,x=2"),
    ("x**2 + 3*x + 1", "x=2"),
    ("exp(-x**2)*sin(3*x)", "x=0.7"),
    ("log(1 + exp(-y*(a*x + b)))", "y=1,a=0.3,x=2,b=-0.1"),
    ("100*(y - x**2)**2 + (1 - x)**2", "x=-1.2,y=1"),
    ("sqrt(x**2 + y**2)/(1 + x*y)", "x=3,y=4"),
    ("4*e*((s/r)**12 - (s/r)**6)", "e=1,s=3.4,r=3.8"),
    ("V*S/(K + S)", "V=2,S=3,K=0.5"),
    ("A*exp(-E/(R*T))", "A=1e13,E=80000,R=8.314,T=300"),
    ("tanh(w*x + b)**2", "w=0.5,x=1.3,b=-0.2"),
    ("normcdf(x)*atan2(y, x)", "x=0.4,y=1.7"),
    ("lgamma(k + 1) - k*log(m) + m", "k=4,m=3.2"),
    ("maximum(x, 0.1)*relu(y - 1)", "x=2,y=3"),
    ("a*x**2 if x > 0 else b*x", "a=2,x=1.5,b=3"),
)


def main() -> None:
    """Prints each figure with its limit."""
    for program, at in TYPICAL:
        gradcli.check(program, at, formula=True)
    plain = statistics.median(statistics.median(seconds(lambda p=p, a=a: gradcli.check(p, a)) for _ in range(15)) for p, a in TYPICAL)  # type: ignore[misc]
    formula = statistics.median(
        statistics.median(seconds(lambda p=p, a=a: gradcli.check(p, a, formula=True)) for _ in range(15))  # type: ignore[misc]
        for p, a in TYPICAL
    )
    print(line("milliseconds of a check", 1e3 * plain, 5))
    print(line("milliseconds of a check with the derivative as a formula", 1e3 * formula, 20))
    with tempfile.TemporaryDirectory() as folder:
        suite = Path(folder) / "thousand.grad.toml"
        tables = (f'[[check]]\nname = "check {i}"\nprogram = "{TYPICAL[i % 14][0]}"\nat = "{TYPICAL[i % 14][1]}"\n' for i in range(1000))
        suite.write_text("\n".join(tables), encoding="utf-8")
        one = seconds(lambda: gradcli.check_suites([str(suite)]))
        two = seconds(lambda: gradcli.check_suites([str(suite)], jobs=2))
        print(line("seconds of a suite of 1000 checks", one, 10))
        print(line("seconds of it in two processes", two, 6))
        print(line("share of the time that it takes in two processes", two / one, 0.65))


if __name__ == "__main__":
    main()
