"""Where inf and nan come from: the node, its branch, why, and the path, in the same words from `grad` and from `check`."""

from __future__ import annotations

import pytest

import gradcli
from gradcli.language import parse
from gradcli.language.enclosing import branch_of

VALUES = (
    ("log(x)*y", "x=-1,y=2", "node 1, 'log(x)', is nan (at -1)", "; path log(x)*y <- log(x)"),
    ("1/x", "x=0", "node 1, '1/x', is inf (at 1, 0)", ""),
    ("a = exp(x); b = a*2; b - 1", "x=1000", "node 1, 'a' (exp(x)), is inf (at 1000)", "; path b - 1 <- b <- a"),
    ("sum(inv(A))", "A=[[1,2],[2,4]]", "node 1, 'inv(A)', is nan at [0, 0] (the matrix is singular)", "; path sum(inv(A)) <- inv(A)"),
    ("sum(solve(A,b))", "A=[[1,2],[2,4]],b=[1,2]", "is nan at [0] (the matrix is singular)", "path sum(solve(A,b)) <- solve(A,b)"),
    ("sum(cholesky(A))", "A=[[1,2],[2,1]]", "(the matrix is not positive definite)", "<- cholesky(A)"),
    ("log(det(A))", "A=[[1,2],[2,4]]", "node 2, 'log(det(A))', is -inf (at 0)", ""),
    ("s = x\nfor i in range(3):\n  s = log(s)\ns*2", "x=1.5", "'s@4' (log(s)) in line 2, round 3, is nan", "; path s*2 <- s@4"),
    ("y = 0\nif x > 0:\n  y = log(x - 1)\ny", "x=0.5", "'y@2' (log(x - 1)), is nan (at -0.5)", "; in the branch of line 2: x > 0 is true"),
)  # fmt: skip

GRADIENTS = (
    ("sqrt(x)", "x=0", "is inf", ": node 1, 'sqrt(x)', has the slope inf; path sqrt(x) <- x"),
    ("sqrt(x)*0", "x=0", "is nan", "has the slope inf, and 0 times inf is no number; path sqrt(x)*0 <- sqrt(x) <- x"),
    ("a=sqrt(x*y); b=a*0; b+z", "x=0,y=1,z=2", "is nan",
     "node 3, 'a' (sqrt(x*y)), has the slope inf, and 0 times inf is no number; path b+z <- b <- a <- x*y <- x"),
    ("x**0.5 if x >= 0 else -x", "x=0", "is inf", "; in the branch of line 1: x >= 0 is true; path x**0.5 <- x"),
    ("y=0\nif x > 0:\n  y = x\nelse:\n  y = sqrt(-x)\ny*3", "x=0", "is inf", "has the slope -inf; in the branch of line 2: x > 0 is false"),
    ("def f(t):\n  return sqrt(t)\nf(x)+f(w)", "x=0,w=1", "is inf",
     "'sqrt(t)' in f, called at line 3, has the slope inf; path f(x)+f(w) <- sqrt(t) <- x"),
    ("sum(sqrt(x)*w)", "x=[1,0,4],w=[1,0,2]", "is nan",
     "has the slope inf at [1], and 0 times inf is no number; path sum(sqrt(x)*w) <- sqrt(x)*w <- sqrt(x) <- x"),
)  # fmt: skip


@pytest.mark.parametrize(("program", "at", "words", "end"), VALUES, ids=[program for program, *_ in VALUES])
def test_a_value_that_is_not_finite_has_a_node_a_reason_and_a_path(program: str, at: str, words: str, end: str) -> None:
    (warning,) = gradcli.grad(program, at).warnings
    reason = gradcli.check(program, at).checks[0].rows[0].reason
    for sentence in (warning, reason):
        assert words in sentence
        assert sentence.endswith(end)


@pytest.mark.parametrize(("program", "at", "words", "end"), GRADIENTS, ids=[program for program, *_ in GRADIENTS])
def test_a_gradient_that_is_not_finite_has_a_node_a_branch_and_a_path(program: str, at: str, words: str, end: str) -> None:
    (warning,) = gradcli.grad(program, at).warnings
    reason = next(row.reason for row in gradcli.check(program, at).checks[0].rows if row.verdict == "undefined")
    for sentence in (warning, reason):
        assert words in sentence
        assert end in sentence


def test_each_element_has_its_own_place() -> None:
    rows = gradcli.check("sum(sqrt(x))", "x=[0,1,0]").checks[0].rows
    assert {row.input: row.reason[-52:] for row in rows if row.verdict == "undefined"} == {
        "x[0]": " has the slope inf at [0]; path sum(sqrt(x)) <- sqrt(x) <- x"[-52:],
        "x[2]": " has the slope inf at [2]; path sum(sqrt(x)) <- sqrt(x) <- x"[-52:],
    }


def test_a_long_path_shows_its_ends() -> None:
    program = "a0 = sqrt(x)\n" + "\n".join(f"a{i} = a{i - 1} + 1" for i in range(1, 20))
    (warning,) = gradcli.grad(program, "x=0").warnings
    assert warning.endswith("; path a19 <- a18 <- a17 <- … <- a1 <- a0 <- x")


@pytest.mark.parametrize(
    ("program", "piece", "branch"),
    [
        ("if x > 0:\n  y = x*2\nelse:\n  y = x*3\ny", "x*2", "line 1: x > 0 is true"),
        ("if x > 0:\n  y = x*2\nelse:\n  y = x*3\ny", "x*3", "line 1: x > 0 is false"),
        ("y = x\nif x > 0:\n  y = x*2\ny*3", "y*3", ""),
        ("if x > 0:\n  y = x*2\nelif x > -1:\n  y = x*3\nelse:\n  y = x*4\ny", "x*3", "line 3: x > -1 is true; line 1: x > 0 is false"),
        ("if x > 0:\n  if w > 0:\n    y = x*2\n  else:\n    y = x*3\nelse:\n  y = 0\ny", "x*3",
         "line 2: w > 0 is false; line 1: x > 0 is true"),
        ("y = x\nwhile y < 9:\n  y = y*2\ny*3", "y*2", "line 2: y < 9 is true"),
        ("y = x\nwhile y < 9:\n  y = y*2\ny*3", "y*3", ""),
        ("(x*2 if x > 0 else x*3) + x*4", "x*2", "line 1: x > 0 is true"),
        ("(x*2 if x > 0 else x*3) + x*4", "x*3", "line 1: x > 0 is false"),
        ("(x*2 if x > 0 else x*3) + x*4", "x*4", ""),
        ("x*2 if x*5 > 0 else x*3 if x > -1 else x*4", "x*5", ""),
        ("x*2 if x > 0 else x*3 if x > -1 else x*4", "x*3", "line 1: x > -1 is true; line 1: x > 0 is false"),
        ("x*2 if x > 0 else x*3 if x > -1 else x*4", "x*4", "line 1: x > -1 is false; line 1: x > 0 is false"),
        ("(x*5 if w > 0 else x*6) if x > 0 else x*3", "x*6", "line 1: w > 0 is false; line 1: x > 0 is true"),
    ],
)  # fmt: skip
def test_an_instruction_knows_the_branches_around_it(program: str, piece: str, branch: str) -> None:
    parsed = parse(program)
    instruction = next(i for i in range(len(parsed)) if getattr(parsed.operations[i], "name", "") == "mul" and parsed.piece(i) == piece)
    assert branch_of(parsed, instruction) == branch
