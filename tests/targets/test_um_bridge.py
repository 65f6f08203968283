"""Models behind UM-Bridge: the server of the umbridge package, and servers that do not keep to the protocol."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from gradcli.checking.foreign import check_target
from gradcli.errors import GradcliError, MissingValue, PointError, TargetProblem, UsageError
from gradcli.results import Value
from gradcli.targets import open_target
from gradcli.targets.um_bridge import server
from gradcli.targets.um_bridge.model import UmBridge
from tests.targets import servers
from tests.targets.models import hessian, jacobian, values

LIMIT = 60.0
SHORT = 0.3
POINT = {"x0": np.array([0.5, -1.25]), "x1": np.array([0.75]), "x2": np.array([2.0, 3.0, -0.5])}
FLAT = np.concatenate(list(POINT.values()))
IN = {"x0": slice(0, 2), "x1": slice(2, 3), "x2": slice(3, 6)}
WEIGHTS: dict[str, Value] = {"y0": np.array([2.0, -3.0]), "y1": 0.5}
SENS = np.array([2.0, -3.0, 0.5])


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The server of the umbridge package."""
    with servers.models() as url:
        yield url


def model(url: str, name: str, **options: Any) -> UmBridge:
    """A model of a server."""
    return UmBridge(url, name, timeout=LIMIT, **options)


def test_the_inputs_and_what_is_offered_come_from_the_server(url: str) -> None:
    with model(url, "forward") as target:
        assert target.inputs == ("x0", "x1", "x2")
        assert target.derivatives == {"vjp", "jvp", "hvp"}
    with model(url, "logarithm") as target:
        assert target.inputs == ("x",)
        assert target.derivatives == {"vjp"}
        assert target.notes == ["the model supports Evaluate, Gradient"]
    with model(url, "values") as target:
        assert target.derivatives == frozenset()


def test_values_and_the_three_products_are_those_of_the_model(url: str) -> None:
    tangents = {"x0": np.array([1.0, 2.0]), "x2": np.array([0.0, -1.0, 3.0])}
    moved = np.array([1.0, 2.0, 0.0, 0.0, -1.0, 3.0])
    with model(url, "forward") as target:
        found = target.evaluate(POINT)
        vjp, jvp, hvp = target.vjp(POINT, WEIGHTS), target.jvp(POINT, tangents), target.hvp(POINT, WEIGHTS, tangents)
    assert isinstance(found["y1"], float)
    np.testing.assert_array_equal(np.hstack(list(found.values())), values(FLAT))
    np.testing.assert_allclose(np.hstack(list(vjp.values())), SENS @ jacobian(FLAT), rtol=1e-14)
    np.testing.assert_allclose(np.hstack(list(jvp.values())), jacobian(FLAT) @ moved, rtol=1e-14)
    np.testing.assert_allclose(np.hstack(list(hvp.values())), np.einsum("oij,o,j", hessian(FLAT), SENS, moved), rtol=1e-14)


def test_what_does_not_move_has_no_derivative_and_is_not_asked_for(url: str) -> None:
    with model(url, "forward") as target:
        assert target.jvp(POINT, {})["y1"] == 0.0
        assert np.array_equal(target.vjp(POINT, {"y1": 0.0})["x0"], [0, 0])


def test_a_number_may_stand_for_a_vector_of_one_and_its_gradient_is_a_number_then(url: str) -> None:
    with model(url, "forward") as target:
        at = target.prepared({**POINT, "x1": 0.75})
        assert isinstance(target.vjp(at, WEIGHTS)["x1"], float)
        np.testing.assert_array_equal(np.hstack(list(target.evaluate(at).values())), values(FLAT))


def test_the_only_output_of_one_element_makes_a_scalar_function(url: str) -> None:
    with model(url, "logarithm") as target:
        assert target.evaluate({"x": np.array([2.0, 0.5])}) == {"y": 0.0}


def test_a_configuration_reaches_the_model(url: str) -> None:
    with model(url, "forward", config='{"scale": 2}') as target:
        np.testing.assert_array_equal(target.evaluate(POINT)["y0"], 2 * values(FLAT)[:2])
        assert target.options == ("--um-bridge", url, "--model", "forward", "--model-config", '{"scale": 2}', "--timeout", "60")


@pytest.mark.parametrize(
    ("given", "kind", "what"),
    [
        ({"x0": np.ones(2)}, MissingValue, "no value for 'x1', 'x2'"),
        ({**POINT, "y": 1.0}, PointError, "has no input 'y'"),
        ({**POINT, "x0": np.ones(3)}, PointError, r"'x0' of forward is a vector of 2, not an array of shape \(3,\)"),
        ({**POINT, "x0": 1.0}, PointError, "'x0' of forward is a vector of 2, not a number"),
        ({**POINT, "x0": np.array([1, np.inf])}, PointError, "'x0' is not finite"),
    ],
)  # fmt: skip
def test_a_point_that_does_not_fit_is_refused_with_one_that_does(given: Any, kind: type[GradcliError], what: str, url: str) -> None:
    with model(url, "forward") as target, pytest.raises(kind, match=what) as caught:
        target.prepared(given)
    if kind is MissingValue:
        assert caught.value.hint == 'the model takes --at "x0=ones(2),x1=ones(1),x2=ones(3)"'


def test_a_model_that_raises_has_no_value_there_and_one_that_answers_nan_has_nan(url: str) -> None:
    with model(url, "logarithm") as target:
        with pytest.raises(TargetProblem, match=r"/Evaluate answered 500: .*\(at x=\[-1.0,2.0\]\)") as caught:
            target.evaluate({"x": np.array([-1.0, 2.0])})
        assert not caught.value.gone
        assert np.isnan(target.evaluate({"x": np.array([0.0, 2.0])})["y"])


def test_the_servers_own_checks_are_repeated(url: str) -> None:
    with model(url, "short") as target, pytest.raises(TargetProblem, match="InvalidOutput: Output vector has invalid length") as caught:
        target.vjp({"x": np.ones(2)}, {"y": 1.0})
    assert caught.value.gone


@pytest.mark.parametrize(
    ("name", "wrt", "wrong", "reason"),
    [
        ("first", None, [], ""),
        ("bad-gradient", None, [("x0[1]", "y1")], "(the dot-product test); the difference quotient contradicts the gradient"),
        ("bad-jacobian", None, [("x0[1]", "y1")], "(the dot-product test); the difference quotient contradicts forward mode"),
        ("forward", "x1", [], ""),
        ("bad-hessian", "x1", [("x1[0], x1[0]", "y1")], "the Hessian product"),
    ],
)  # fmt: skip
def test_a_wrong_derivative_is_found_and_named(name: str, wrt: str | None, wrong: list[Any], reason: str, url: str) -> None:
    with open_target({"um-bridge": url, "model": name, "timeout": LIMIT}) as target:
        check = check_target(target, POINT, wrt=wrt).checks[0]
    assert check.verdict == ("disagree" if wrong else "agree")
    assert [(row.input, row.output) for row in check.rows if row.verdict != "agree"] == wrong
    assert all(reason in row.reason for row in check.rows if row.verdict != "agree")


def test_a_model_without_derivatives_is_judged_by_claims(url: str) -> None:
    with model(url, "values") as target:
        assert check_target(target, "x=[2,0.5]", expect="x=[0.5,2]").checks[0].verdict == "agree"
        with pytest.raises(UsageError, match="comes without a gradient"):
            check_target(target, "x=[2,0.5]")


@pytest.mark.parametrize(
    ("name", "kind", "what", "hint"),
    [
        ("forwrd", TargetProblem, "has no model 'forwrd'; its models are forward, bad-hessian", "--model forward"),
        (None, UsageError, "has 9 models: forward, bad-hessian", "--model forward"),
        ("unusable", TargetProblem, "says that unusable can't be evaluated", "supports_evaluate"),
    ],
)  # fmt: skip
def test_a_model_that_is_not_there_has_a_cure(name: str | None, kind: type[GradcliError], what: str, hint: str, url: str) -> None:
    with pytest.raises(kind) as caught:
        UmBridge(url, name, timeout=LIMIT)
    assert what in caught.value.message
    assert hint in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("", "'' is no URL of a server"),
        ("ftp://localhost", "is no URL"),
        ("http://local host:1", "is no URL"),
        ("http://localhost:port", "is no URL"),
        ("http://localhost:99999", "is no URL"),
        ("http://localhost/?model=1", "is no URL"),
        ("http://", "is no URL"),
    ],
)  # fmt: skip
def test_what_is_no_url_is_refused(url: str, what: str) -> None:
    with pytest.raises(UsageError, match=r"localhost:4242|is no URL") as caught:
        UmBridge(url)
    assert what in caught.value.message


@pytest.mark.parametrize("config", ["{", "[1]", "3"])
def test_a_configuration_that_is_no_object_is_refused(config: str) -> None:
    with pytest.raises(UsageError, match="--model-config"):
        UmBridge("http://localhost:1", config=config)


def asked(**answers: Any) -> UmBridge:
    """A model, asked for its value and its gradient, of a server that answers as a test says."""
    with servers.answering(**answers) as url, UmBridge(url, timeout=SHORT if answers.get("Info") is servers.hang else LIMIT) as target:
        target.server.timeout = SHORT if servers.hang in answers.values() else LIMIT
        at = target.prepared({"x": np.array([2.0, 0.0])})
        target.evaluate(at)
        target.vjp(at, {"y": 1.0})
        return target


def test_the_only_model_needs_no_name_and_the_scheme_may_be_missing() -> None:
    assert asked().model == "square"
    with servers.answering() as url, UmBridge(url.removeprefix("http://") + "/") as target:
        assert target.options == ("--um-bridge", url)


@pytest.mark.parametrize("version", ["1.0", 1, "1"])
def test_the_version_may_be_a_text(version: Any) -> None:
    asked(Info={"protocolVersion": version, "models": ["square"]})


def test_a_connection_that_was_closed_is_opened_again() -> None:
    asked(Evaluate=servers.once)


@pytest.mark.parametrize(
    ("answers", "what", "hint"),
    [
        ({"Info": (404, b"nothing")}, "/Info is not there (404)", "root of a UM-Bridge server"),
        ({"Info": (200, b"<!DOCTYPE html><title>Grafana</title>")}, "/Info answered a web page, which is no", "UM-Bridge server?"),
        ({"Info": (200, b"")}, "/Info answered nothing, which", "UM-Bridge server?"),
        ({"Info": (200, b'{"protocolVersion": 1')}, '/Info answered {"protocolVersion": 1, which is no JSON', "UM-Bridge server?"),
        ({"Info": (200, b"\xff\xfe")}, r"/Info answered \xff\xfe, which is no JSON", "UM-Bridge server?"),
        ({"Info": (302, b"")}, "/Info answered 302, a redirect to /elsewhere/", "--um-bridge the URL"),
        ({"Info": (503, b"<html>busy</html>")}, "/Info answered 503: a web page", "may say more"),
        ({"Info": {"protocolVersion": 0.9, "support": {}}}, "speaks version 0.9 of UM-Bridge", "gradcli speaks version 1.0"),
        ({"Info": {"models": ["a"]}}, "says no version of UM-Bridge", "gradcli speaks version 1.0"),
        ({"Info": {"protocolVersion": 1.0, "models": []}}, "/Info names no models", "serve at least one"),
        ({"Info": {"protocolVersion": 1.0, "models": [1]}}, "/Info names no models", "serve at least one"),
        ({"ModelInfo": {}}, '/ModelInfo answered no "support" for square', '"Evaluate": true'),
        ({"InputSizes": {"inputSizes": "2"}}, '/InputSizes answered "2" as "inputSizes"', "whole numbers"),
        ({"OutputSizes": {"outputSizes": [1.5]}}, '/OutputSizes answered [1.5] as "outputSizes"', "whole numbers"),
        ({"InputSizes": {"error": {"type": "ModelNotFound", "message": "no"}}}, "/InputSizes answered 200: ModelNotFound: no", ""),
        ({"Evaluate": {"output": [4]}}, "/Evaluate answered 4.0 for square, where a vector of 1 belongs (at x=[2.0,0.0])", "/OutputSizes"),
        ({"Evaluate": {"output": [[4, 5]]}}, "/Evaluate answered [4.0, 5.0] for square, where a vector of 1 belongs", "/OutputSizes"),
        ({"Evaluate": {"output": [[4], [5]]}}, "where a list of 1 vectors belongs", "/OutputSizes"),
        ({"Evaluate": {"output": [["four"]]}}, 'answered ["four"] for square', "/OutputSizes"),
        ({"Evaluate": {"result": 1}}, "/Evaluate answered no output for square", "/OutputSizes"),
        ({"Evaluate": (500, b"")}, "/Evaluate answered 500: nothing (at x=[2.0,0.0])", "may say more"),
        ({"Evaluate": (500, b'{"error": "boom"}')}, "/Evaluate answered 500: boom (at x=[2.0,0.0])", "may say more"),
        ({"Gradient": {"output": [4]}}, "/Gradient answered [4.0] for square, where a vector of 2 belongs", "/InputSizes"),
        ({"Gradient": {"error": {"type": "UnsupportedFeature", "message": "no"}}}, "UnsupportedFeature: no (at x=[2.0,0.0])", ""),
        ({"Info": servers.hang}, "/Info has not answered within 0.3 s", "--timeout 60"),
        ({"Evaluate": servers.hang}, "/Evaluate has not answered within 0.3 s", "--timeout 60"),
        ({"Info": servers.hang_up}, "/Info closed the connection without an answer", ""),
        ({"Evaluate": servers.hang_up}, "/Evaluate closed the connection without an answer", ""),
        ({"Info": servers.babble}, "/Info does not speak HTTP: 220 smtp", "--um-bridge"),
    ],
)  # fmt: skip
def test_servers_that_do_not_keep_to_the_protocol_are_named(answers: Any, what: str, hint: str) -> None:
    with pytest.raises(TargetProblem) as caught:
        asked(**answers)
    assert what in caught.value.message
    assert hint in (caught.value.hint or "")
    assert caught.value.message.startswith("http://127.0.0.1:")
    assert "\n" not in caught.value.message


def test_an_answer_that_comes_too_slowly_is_not_waited_for() -> None:
    late = pytest.raises(TargetProblem, match=r"has not answered within 0\.3 s")
    with servers.answering(Evaluate=servers.drip) as url, UmBridge(url, timeout=LIMIT) as target, late:
        target.server.timeout = SHORT
        target.evaluate({"x": np.ones(2)})


def test_an_answer_without_end_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LARGEST", 2**20)
    with pytest.raises(TargetProblem, match="/Evaluate answered more than 1 MB"):
        asked(Evaluate=(200, b"[" * 2**21))


def unknown(*_: Any, **__: Any) -> None:
    """What the system says of a host that it does not know."""
    raise socket.gaierror(-2, "Name or service not known")


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TargetProblem, match=r"http://127\.0\.0\.1:\d+/Info is not reachable: nothing listens there") as caught:
        UmBridge(f"http://127.0.0.1:{servers.free_port()}")
    assert "start the server" in (caught.value.hint or "")
    monkeypatch.setattr("socket.getaddrinfo", unknown)
    with pytest.raises(TargetProblem, match="there is no such host"):
        UmBridge("http://nowhere:4242")


def test_numbers_that_json_has_not_are_read_from_servers() -> None:
    for text, value in ((b"nan", np.nan), (b"null", np.nan), (b"inf", np.inf), (b"-Infinity", -np.inf)):
        body = b'{"output": [[' + text + b"]]}"
        with servers.answering(Evaluate=(200, body)) as url, UmBridge(url) as target:
            np.testing.assert_equal(target.evaluate({"x": np.ones(2)})["y"], value)


def test_points_are_drawn_as_vectors_of_the_models_sizes(url: str) -> None:
    with model(url, "logarithm") as target:
        report = check_target(target, over="x=0.5:3", samples=2)
        assert [check.verdict for check in report.checks] == ["agree"] * 2
        assert all(np.shape(check.at["x"]) == (2,) for check in report.checks)
        assert np.shape(check_target(target, samples=1).checks[0].at["x"]) == (2,)
