"""Numbers as text: exact for values, rounded up for bounds. Nothing else in rendering turns a number into characters."""

from __future__ import annotations

import math

SHOWN_DIGITS = 17
"""Significant digits of an engine's answer in tables for people; the JSON has all of them."""

NEGLIGIBLE = 1e-30
"""A relative error below which tables for people give no size."""


def number_text(value: float | None) -> str:
    """The shortest text that reads back as the same number, without a trailing `.0`; nothing for None.

    >>> number_text(6.0), number_text(0.1 + 0.2), number_text(float("-inf")), number_text(True)
    ('6', '0.30000000000000004', '-inf', 'True')
    """
    return "" if value is None else repr(value).removesuffix(".0")


def json_number(value: float | None) -> float | str | None:
    """The number itself, or its name where JSON has no number: "nan", "inf", "-inf"."""
    return value if value is None or math.isfinite(value) else number_text(value)


def bound_text(bound: float) -> str:
    """An error bound with two digits, rounded up so that what is read back is still a bound.

    >>> bound_text(1.4000001e-15), bound_text(4.5e-16), bound_text(0.0), bound_text(12345.0)
    ('1.5e-15', '4.5e-16', '0', '1.3e+4')
    """
    if bound == 0 or not math.isfinite(bound):
        return number_text(bound)
    from decimal import ROUND_CEILING, Context

    return str(Context(prec=2, rounding=ROUND_CEILING).create_decimal(repr(bound))).lower()


def size_text(size: float) -> str:
    """The size of an error for people, to whom it does not matter how far below float64's digits it is.

    >>> size_text(2.34e-9), size_text(1.7e-288), size_text(0.0)
    ('2.4e-9', '< 1e-30', '< 1e-30')
    """
    return f"< {NEGLIGIBLE}" if size < NEGLIGIBLE else bound_text(size)


def digits_text(digits: str) -> str:
    """A decimal string of any length with at most 17 digits and without zeros at the end.

    >>> digits_text("0.196611933241481852536995361"), digits_text("5.0000000000000000000000")
    ('0.19661193324148185', '5')
    """
    from decimal import Context, InvalidOperation

    try:
        number = Context(prec=SHOWN_DIGITS).create_decimal(digits)
    except InvalidOperation:
        return digits
    if not number.is_finite():
        return digits
    mantissa, mark, exponent = f"{number:g}".lower().partition("e")
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + mark + exponent


def superscript(number: int) -> str:
    """A whole number in superscript digits, as in ∂²/∂x²."""
    return str(number).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
