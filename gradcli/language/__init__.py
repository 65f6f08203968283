"""Text -> Program -> Trace: lexer, parser, points and the interpreter.

tokens        one regular expression: (operand, operator) pairs, and where they stand
grammar       binding powers, operators, words: the grammar as data
draft         the stacks of a parse, and the moves that its parts share
operands, calls, subscripts, conditionals, statements
              one part of the grammar each
blocks, functions, scopes
              statements that contain others, `def`, and what names mean inside them
parser        the loop that drives them
layout        the last pass of a parse
hints         what to say to what people try first
program       what the parser makes: instructions
custom        the operation of a function whose gradient the program defines
points        a number or an array for every input, from what a user gives
machine       the moves of a run: jumps, loops, calls; limits its budgets
interpreter   runs a program over floats, and records its graph and its decisions; single over floats of single precision
replaying     runs a program over any other number system
naming        what the nodes of a run are called
"""

from gradcli.language.interpreter import Trace, run
from gradcli.language.parser import parse
from gradcli.language.program import Program

__all__ = ["Program", "Trace", "parse", "run"]
