"""Text -> Program -> Trace: lexer, parser, points and the interpreter."""

from gradcli.language.interpreter import Trace, run
from gradcli.language.parser import parse
from gradcli.language.program import Program

__all__ = ["Program", "Trace", "parse", "run"]
