"""What gradcli says of right and wrong gradients of the corpus on which checkers are compared: the README's figures, on a part of it."""

from __future__ import annotations

import numpy as np
import pytest

import gradcli
from tests.benchmarks.against_checkers import asked, found, right, wrong
from tests.benchmarks.checkers import BLACK_BOX, PROGRAM, REAL, BlackBox, evaluator, like_numpy
from tests.benchmarks.corpus import FUNCTIONS, SMOOTH, WELL_SCALED
from tests.benchmarks.planted import Case

PART = [Case(one) for one in FUNCTIONS[3::12]]
"""Functions of all categories."""


def test_the_corpus_is_large_and_its_texts_mean_the_same_in_python() -> None:
    assert len({str(one) for one in FUNCTIONS}) == len(FUNCTIONS) >= 450
    assert len({one.text for one in FUNCTIONS}) >= 350
    for one in (case for case in PART if case.function.category in SMOOTH):
        here, there = gradcli.grad(one.function.text, one.point).value, evaluator(one, like_numpy(np))(**one.point)
        assert here == pytest.approx(float(there), rel=1e-9, abs=1e-12)


def test_programs_raise_no_false_alarm_pass_no_impossible_slope_and_find_errors_of_1e_8() -> None:
    answers = asked(PROGRAM, PART)
    assert {one.word for one in right(answers, SMOOTH)} == {"pass"}
    # sqrt(x**2) has no float64 gradient at 0
    for fault, word in (("impossible slope", "fail"), ("between the slopes", "kink")):
        at_kinks = {(one.word, "sqrt(x**2)" in str(one.case.function)) for one in answers if one.planted.fault == fault}
        assert at_kinks == {(word, False), ("undefined", True)}
    assert {one.word for one in answers if one.planted.fault == "undefined"} == {"undefined"}
    assert found(wrong(answers, ["1e-08"])) >= 98
    assert found(wrong(answers, ["1e-01", "1e-02", "1e-04", "sign", "zero", "swapped", "nan"])) == 100


@pytest.mark.parametrize("box", [BLACK_BOX, REAL], ids=lambda box: box.settings)
def test_black_boxes_raise_no_false_alarm_and_find_errors_of_1e_6(box: BlackBox) -> None:
    answers = asked(box, PART)
    assert not {str(one.case.function) for one in right(answers, SMOOTH) if one.word not in ("pass", "undecided")}
    assert not {str(one.case.function) for one in right(answers, WELL_SCALED) if one.word != "pass"}
    assert {one.word for one in answers if one.planted.fault == "impossible slope"} == {"fail"}
    assert {one.word for one in answers if one.planted.fault == "undefined"} == {"undefined"}
    assert found(wrong(answers, ["1e-06"], WELL_SCALED)) >= 95
    assert max(box.asked[str(one.function)] / one.flat.size for one in PART if one.function.category in SMOOTH) <= 130
