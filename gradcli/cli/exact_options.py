"""A command class whose option words are exact and never combine, so that `-2x` and `-exp(-x)` are programs.

Sorts a command's words into options and the rest and leaves everything else to Typer. Knows what an option word looks like
and what people try instead of an option that gradcli has; does not know what the options mean.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.cli.plain_typer import PlainCommand
from gradcli.errors import UsageError, nearest

NO_TOLERANCE = "there is no tolerance to choose: the verdict follows from error bounds"
EVERY_NODE = "nothing to switch on: every node of the graph has its gradient in the table"
REQUIRES = "every input requires a gradient; --freeze NAME switches it off"
SWEEP = "nothing to switch on: gradcli grad runs the backward pass"
CUTS = "--freeze NAME for an input, detach(…) in the program for a part of it"
HIGHER = "gradcli grad PROGRAM --order 2 gives second derivatives"
PROGRAM = "the program is the first word: gradcli grad PROGRAM"

FOREIGN = {
    **dict.fromkeys(("--retain-grad", "--retain-grads", "--intermediate"), EVERY_NODE),
    **dict.fromkeys(("--requires-grad", "--require-grad"), REQUIRES),
    **dict.fromkeys(("--backward", "--reverse", "--autograd", "--grad"), SWEEP),
    **dict.fromkeys(("--no-grad", "--detach", "--stop-gradient", "--stop-grad"), CUTS),
    **dict.fromkeys(("--create-graph", "--retain-graph", "--second-order", "--double-backward"), HIGHER),
    **dict.fromkeys(("--rtol", "--atol", "--tol", "--tolerance", "--eps", "--epsilon"), NO_TOLERANCE),
    **dict.fromkeys(("--program", "--expr", "--expression", "--function", "--eval"), PROGRAM),
    "--version": "gradcli --version",
    **dict.fromkeys(("--point", "--values", "--value-of", "--input", "--inputs"), "a point is given as --at x=3,w=1"),
}
"""What people try first, and what to do instead."""

DASHES = ("–", "—", "−")
"""What word processors and web pages make of two minus signs."""


class ExactOptions(PlainCommand):
    """A command that takes only its own option words, each by itself; any other word is positional."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Sort the words, options first, and let Typer do the rest."""
        options, words = sort_words(args, option_words(self, ctx))
        return super().parse_args(ctx, [*options, "--", *words])

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The usage line: the positional words, then the options."""
        words = [str(param.metavar) for param in self.params if param.param_type_name == "argument"]
        return [*words, "[OPTIONS]"]


def option_words(command: Any, ctx: Any) -> dict[str, Any]:
    """Every option word of a command with its parameter."""
    return {word: param for param in command.get_params(ctx) if param.param_type_name == "option" for word in param.opts}


def sort_words(args: Sequence[str], known: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The options with their values, and the positional words, each in order."""
    options: list[str] = []
    words: list[str] = []
    given: list[Any] = []
    rest = iter(args)
    for word in rest:
        if word == "--":
            words.extend(rest)
        elif word in known or word.startswith("--") or dashed(word) in known:
            options += option_with_value(word, rest, known, given)
        else:
            words.append(word)
    return options, words


def option_with_value(word: str, rest: Iterator[str], known: Mapping[str, Any], given: list[Any]) -> list[str]:
    """An option as Typer's parser wants it: its name, and its value as a word of its own."""
    name, equals, value = word.partition("=")
    option = known.get(name)
    if option is None:
        raise unknown_option(word, known)
    if option.is_flag:
        return flag(name, equals)
    if option in given and not option.multiple:
        raise UsageError(f"option '{name}' is given twice", hint=f"give one {name}")
    given.append(option)
    return [name, value_of(name, value if equals else next(rest, None), equals, known)]


def flag(name: str, equals: str) -> list[str]:
    """An option without a value."""
    if equals:
        raise UsageError(f"option '{name}' takes no value", hint=f"{name} by itself")
    return [name]


def value_of(name: str, value: str | None, equals: str, known: Mapping[str, Any]) -> str:
    """The value of an option: any word but an empty one or another option."""
    example = f"{name} {known[name].metavar or 'VALUE'}"
    if not value:
        raise UsageError(f"option '{name}' has no value", hint=example)
    if not equals and value.startswith("--") and value.partition("=")[0] in known:
        raise UsageError(f"option '{name}' has no value: the next word is the option '{value}'", hint=example)
    return value


def dashed(word: str) -> str:
    """The option word that a word with a typographic dash stands for, or nothing."""
    return "--" + word.lstrip("–—−").partition("=")[0] if word.startswith(DASHES) else ""


def unknown_option(word: str, known: Mapping[str, Any]) -> UsageError:
    """The error for a word that looks like an option and is none."""
    return UsageError(f"there is no option '{word.partition('=')[0]}'", hint=cure(word, known))


def cure(word: str, known: Mapping[str, Any]) -> str:
    """What to type instead of an unknown option."""
    name, _, value = word.partition("=")
    long = [option for option in known if option.startswith("--")]
    stem = name.lstrip("-")
    if dashed(word) in known:
        return f"{dashed(word)} begins with two minus signs; here is a dash"
    if FOREIGN.get(name.lower().replace("_", "-")) and name not in known:
        return FOREIGN[name.lower().replace("_", "-")]
    near = next((option for option in long if option.startswith(name) and len(stem) > 1), None) or nearest_option(stem, long)
    if stem.isidentifier() and "--at" in known and (len(stem) <= 2 or (value and not near)):
        return f"a value is given as --at {stem}={value or '…'}"
    if near or stem.isidentifier():
        return f"did you mean {near}?" if near else "--help lists the options"
    return 'words that follow a lone -- are never options: -- "--x"'


def nearest_option(stem: str, long: Sequence[str]) -> str | None:
    """The option that looks most like a word; the dashes, which all have, do not count."""
    found = nearest(stem, [option[2:] for option in long])
    return f"--{found}" if found else None
