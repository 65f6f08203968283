"""The suite of array examples: what a reader of the README runs first."""

from __future__ import annotations

from pathlib import Path

import gradcli

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_every_check_of_the_array_examples_comes_out_as_declared() -> None:
    report = gradcli.check_suites([str(EXAMPLES / "arrays.grad.toml")])
    assert report.exit_code == 0
    assert len(report.checks) == 11


def test_the_gradient_of_the_doubled_number_is_that_of_its_run() -> None:
    text = (EXAMPLES / "doubling.grad").read_text(encoding="utf-8")
    assert gradcli.grad(text, {"a": -0.37}).gradient["a"] == 409600
    assert gradcli.grad(text, {"a": 0.37}).gradient["a"] == 4096
