"""The Typer application: the first word selects the command, and only that command's module is imported.

Knows the commands' names and modules, and ends a run with an exit code. Does not know what the commands do.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
import typer.main

from gradcli import __version__
from gradcli.cli import options as o
from gradcli.cli.exact_options import ExactOptions, cure, option_words
from gradcli.cli.plain_typer import PlainGroup
from gradcli.cli.terminal import forgive_encodings, note, show
from gradcli.cli.words import is_path, is_value, quoted
from gradcli.errors import GradcliError, UsageError, nearest

COMMANDS = {
    "grad": "gradient_command",
    "check": "checking_command",
    "jacobian": "jacobian_command",
    "hessian": "hessian_command",
    "jvp": "jvp_command",
    "graph": "graph_command",
    "ops": "operations_command",
}
"""The commands in the order of `gradcli --help`, each with the module of its function, which bears the command's name."""

FOREIGN = {
    **dict.fromkeys(("backward", "gradient", "derivative", "diff", "autograd", "vjp"), "gradcli grad PROGRAM"),
    **dict.fromkeys(("jac", "jacrev", "jacfwd"), "gradcli jacobian PROGRAM"),
    **dict.fromkeys(("hvp", "vhp"), "gradcli hessian PROGRAM --product NAME=VALUE,..."),
    "pushforward": "gradcli jvp PROGRAM --tangent NAME=VALUE,...",
    **dict.fromkeys(("gradcheck", "verify", "test"), "gradcli check PROGRAM"),
    **dict.fromkeys(("help", "version"), "gradcli --{}"),
}
"""What people try first, and the command that does it."""


class Commands(PlainGroup):
    """The group of all commands; its first word is a command or one of its few options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse a first word that is no command before Typer can guess at it."""
        if args and args[0] not in self.commands and args[0] not in option_words(self, ctx):
            raise no_command(args, option_words(self, ctx))
        return super().parse_args(ctx, args)


def no_command(args: Sequence[str], known: dict[str, Any]) -> GradcliError:
    """The error for a call whose first word is no command, which mostly is a program."""
    word, near = args[0], nearest(args[0], COMMANDS)
    if word.startswith("--") and len(args) == 1:
        hint = f"the command stands first: gradcli {'|'.join(COMMANDS)} … {word}" if word in o.option_names() else cure(word, known)
        return UsageError(f"there is no option '{word}' without a command", hint=hint)
    if word.isidentifier() and (near or word in FOREIGN or len(args) == 1):
        hint = FOREIGN[word].format(word) if word in FOREIGN else retyped([near, *args[1:]] if near else ["grad", word])
        return UsageError(f"there is no command '{word}'; there are {', '.join(COMMANDS)}", hint=hint)
    return UsageError("a command is missing", hint=retyped(["check" if is_path(word) else "grad", *args]))


def retyped(args: Sequence[str]) -> str:
    """The whole call with other words, quoted as a shell wants it."""
    return " ".join(["gradcli", *(quoted(arg, always=not is_word(arg)) for arg in args)])


def is_word(arg: str) -> bool:
    """Whether an argument is an option or a value rather than a program."""
    return is_value(arg) or arg.startswith("--") or arg.isidentifier() or is_path(arg)


def overview(ctx: typer.Context, version: o.Version = False) -> None:
    """The gradient calculator and checker.

    Examples:
      gradcli grad "(x+w)*(w+1)" --at w=1,x=2
      gradcli check "(x+w)*(w+1)" --at w=1,x=2
      gradcli check
    """
    if version:
        show(f"gradcli {__version__}\n")
        raise typer.Exit(0)
    if ctx.invoked_subcommand is None:
        note(ctx.get_help())
        raise typer.Exit(2)


def application(argv: Sequence[str]) -> typer.Typer:
    """The application with the command that the first word names, or with all of them."""
    app = typer.Typer(
        name="gradcli",
        cls=Commands,
        rich_markup_mode=None,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(overview)
    for name in [argv[0]] if argv and argv[0] in COMMANDS else COMMANDS:
        function = getattr(import_module(f"gradcli.cli.{COMMANDS[name]}"), name)
        app.command(name, cls=ExactOptions)(function)
    return app


def run(argv: Sequence[str]) -> None:
    """Run a command; what it has to say beyond its answer, it raises, also its exit code."""
    forgive_encodings()
    group = typer.main.get_command(application(argv))
    with group.make_context("gradcli", list(argv)) as ctx:
        group.invoke(ctx)
