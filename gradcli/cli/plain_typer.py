"""Typer's command classes made light and plain: no pydantic for parameters that need no conversion, help with its line breaks.

Knows one private attribute of Typer, and the versions in which it means what is assumed here. Knows no option of gradcli.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import typer
import typer.core

TESTED = ("0.29.",)
"""Versions of Typer that convert every parameter with pydantic, through a private object that can be preset."""


class Unconverted:
    """What Typer asks to convert a parameter; it leaves text, lists of text and flags as they are."""

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value itself; of a repeatable parameter that was not given, no values."""
        return () if value is None and (param.multiple or param.nargs == -1) else value


UNCONVERTED = Unconverted()


def spare_pydantic(params: Iterable[Any]) -> None:
    """Preset the conversion of parameters where Typer would load pydantic (70 ms) for it; elsewhere do nothing."""
    if typer.__version__.startswith(TESTED):
        for param in params:
            if getattr(param, "_runtime_param", param) is None:
                param._runtime_param = UNCONVERTED


def write_help(text: str | None, formatter: Any) -> None:
    """Write a docstring as it stands: Typer would join the lines of its examples."""
    formatter.write_paragraph()
    formatter.write("".join(f"  {line}".rstrip() + "\n" for line in (text or "").strip().splitlines()))


class Plain:
    """What commands and groups have in common: parameters that are text, lists of text and flags, and a docstring that is the help."""

    help: str | None

    def get_params(self, ctx: Any) -> Any:
        """The parameters, none of which needs conversion."""
        params = super().get_params(ctx)  # type: ignore[misc]
        spare_pydantic(params)
        return params

    def format_help_text(self, ctx: Any, formatter: Any) -> None:
        """The docstring, with its line breaks."""
        write_help(self.help, formatter)


class PlainCommand(Plain, typer.core.TyperCommand):
    """A command."""


class PlainGroup(Plain, typer.core.TyperGroup):
    """A group of commands."""
