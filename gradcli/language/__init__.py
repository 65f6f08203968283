"""Text -> Program -> Trace: lexer, parser, points and the interpreter.

tokens        one regular expression: (operand, operator) pairs, and where they stand
grammar       binding powers, operators, words: the grammar as data
draft         the stacks of a parse, and the moves that its parts share
operands, calls, conditionals, statements
              one part of the grammar each
parser        the loop that drives them
hints         what to say to what people try first
program       what the parser makes: instructions
points        a float for every input, from what a user gives
interpreter   runs a program, over floats or any other number system
"""

from gradcli.language.interpreter import Trace, run
from gradcli.language.parser import parse
from gradcli.language.program import Program

__all__ = ["Program", "Trace", "parse", "run"]
