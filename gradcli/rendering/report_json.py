"""The JSON of `check`, schemas/check-1.json, and its plain lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.rendering.arrays import json_value
from gradcli.rendering.json_text import numbers
from gradcli.rendering.numerals import json_number
from gradcli.rendering.page import clean

if TYPE_CHECKING:
    from gradcli.results import Caught, Check, ClaimResult, Estimate, Report, Row

SCHEMA = "gradcli/check/1"


def report_object(report: Report, checks: Sequence[Check]) -> dict[str, Any]:
    """The whole report with some of its checks; verdict and counts are those of all."""
    found = {"schema": SCHEMA, "verdict": report.verdict, "checks": [check_object(check) for check in checks], "counts": report.counts}
    share = {} if report.shard is None else {"shard": report.shard}
    return found | share | ({"interrupted": True} if report.interrupted else {})


def check_line(check: Check) -> dict[str, Any]:
    """A check that stands alone."""
    return {"schema": SCHEMA, **check_object(check)}


def check_object(check: Check) -> dict[str, Any]:
    """One check; with what the self-test found, if there was one."""
    return checked(check) | ({} if check.caught is None else {"caught": [caught_object(one) for one in check.caught]})


def caught_object(one: Caught) -> dict[str, Any]:
    """What the self-test found in one gradient."""
    faults = {"sign": one.sign, "swap": one.swap, "zero": one.zero, "nan": one.nan}
    return {"input": one.input, "smallest": json_number(one.smallest), **faults, "reason": one.reason}


def checked(check: Check) -> dict[str, Any]:
    """What is known of one check without its self-test."""
    return {
        "id": check.id,
        "kind": check.kind,
        "file": check.file,
        "line": check.line,
        "program": check.program,
        "at": numbers(check.at),
        "value": json_value(check.value),
        "verdict": check.verdict,
        "expected": check.expected,
        "passed": check.passed,
        "rows": [row_object(row) for row in check.rows],
        "found": check.found,
        "formula": dict(check.formula),
        "unclaimed": list(check.unclaimed),
        "notes": list(check.notes),
        "error": check.error,
        "evaluations": check.evaluations,
        "reproduce": check.reproduce,
    }


def row_object(row: Row) -> dict[str, Any]:
    """The judgement of one input."""
    return {
        "input": row.input,
        "output": row.output,
        "verdict": row.verdict,
        "value": json_number(row.value),
        "engines": {name: estimate_object(estimate) for name, estimate in row.engines.items()},
        "claims": [claim_object(claim) for claim in row.claims],
        "resolution": json_number(row.resolution),
        "absolute": row.absolute,
        "digits_lost": json_number(row.digits_lost),
        "left": json_number(row.left),
        "right": json_number(row.right),
        "node": row.node,
        "reason": row.reason,
        "likely": row.likely,
    }


def estimate_object(estimate: Estimate) -> dict[str, Any]:
    """The answer of one engine."""
    return {
        "value": json_number(estimate.value),
        "digits": estimate.digits,
        "error": json_number(estimate.error),
        "note": estimate.note,
    }


def claim_object(claim: ClaimResult) -> dict[str, Any]:
    """One claim."""
    return {
        "text": claim.text,
        "value": json_number(claim.value),
        "digits": claim.digits,
        "error": json_number(claim.error),
        "verdict": claim.verdict,
        "note": claim.note,
    }


def verdict_lines(checks: Sequence[Check]) -> str:
    """`id<TAB>verdict` lines."""
    return "".join(f"{clean(check.id, False)}\t{check.verdict}\n" for check in checks)
