"""Models behind servers that speak UM-Bridge 1.0 (Seelinger et al., JOSS 8(83), 4748, 2023).

A model maps a list of vectors to a list of vectors. Here the inputs are named x0, x1, … or x where there is one, the outputs y0, y1, …
or y; a vector of one element is a number where the user gives a number, and always among the outputs. Knows the endpoints and what they
answer; how they are reached, server.py knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.errors import MissingValue, PointError, TargetProblem, UsageError, nearest
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.results import Value, all_finite
from gradcli.targets.target import Derivative, Outputs, Target, complete
from gradcli.targets.um_bridge.server import Refused, Server, said
from gradcli.targets.wire import TIMEOUT, cut, seconds, spelled, told, value_of

VERSION = 1.0

OFFERS: Mapping[str, Derivative] = {"Gradient": "vjp", "ApplyJacobian": "jvp", "ApplyHessian": "hvp"}
"""The endpoints that a model may support, and what they are here."""

LOST = frozenset(["ModelNotFound", "UnsupportedFeature", "InvalidOutput"])
"""Errors of the protocol that no other point cures; after any other the model has no value at that point."""


def opened(given: Mapping[str, Any], folder: str) -> UmBridge:
    """The model that options name."""
    return UmBridge(given["um-bridge"], given.get("model"), timeout=seconds(given.get("timeout")), config=given.get("model-config"))


class UmBridge(Target):
    """A model of a server. Without a name it is the only one; `config` is what the model itself wants to be told, as JSON."""

    kind = "um-bridge"

    def __init__(self, url: str, model: str | None = None, *, timeout: float | None = None, config: Any = None) -> None:
        self.config = read_config(config)
        self.server = Server(url, timeout or TIMEOUT)
        try:
            self.model = self.chosen(model)
            self.supported = self.support()
            self.input_sizes = self.sizes("Input")
            self.output_sizes = self.sizes("Output")
        except BaseException:
            self.server.close()
            raise
        self.inputs = names("x", len(self.input_sizes))
        self.input_shapes = {name: (size,) for name, size in zip(self.inputs, self.input_sizes, strict=True)}
        self.output_names = names("y", len(self.output_sizes))
        self.derivatives = frozenset(offer for endpoint, offer in OFFERS.items() if endpoint in self.supported)
        self.name = f"{self.server.url} {self.model}"
        self.options = (
            "--um-bridge", self.server.url, *(("--model", self.model) if model is not None else ()),
            *(("--model-config", spelled(self.config)) if self.config else ()),
            *(("--timeout", f"{timeout:g}") if timeout else ()),
        )  # fmt: skip
        self.notes = [f"the model supports {', '.join(endpoint for endpoint in ('Evaluate', *OFFERS) if endpoint in self.supported)}"]

    def close(self) -> None:
        """Ends the connection to the server, which goes on."""
        self.server.close()

    def chosen(self, model: str | None) -> str:
        """The name of the model, which the server must have."""
        info = self.ask("Info")
        version, models = info.get("protocolVersion"), info.get("models")
        if not same_version(version):
            what = f"speaks version {cut(spelled(version))} of UM-Bridge" if version is not None else "says no version of UM-Bridge"
            raise self.server.problem("Info", what, f"gradcli speaks version {VERSION}: a newer umbridge on the server may do")
        if not isinstance(models, list) or not models or not all(isinstance(name, str) for name in models):
            raise self.server.problem("Info", "names no models", "serve at least one: umbridge.serve_models([model], 4242)")
        listed = cut(", ".join(models), 200)
        if model is None and len(models) > 1:
            raise UsageError(f"{self.server.url} has {len(models)} models: {listed}", f"--model {models[0]}")
        if model is not None and model not in models:
            near = nearest(model, models)
            raise TargetProblem(
                f"{self.server.url} has no model '{cut(model)}'; its models are {listed}", f"--model {near or models[0]}", gone=True
            )
        return model or models[0]

    def support(self) -> frozenset[str]:
        """The endpoints that the model supports. Raises TargetProblem where it can't even be evaluated."""
        flags = self.ask("ModelInfo", name=self.model).get("support")
        if not isinstance(flags, dict):
            raise self.server.problem("ModelInfo", f'answered no "support" for {self.model}', '{"support": {"Evaluate": true}}')
        found = frozenset(endpoint for endpoint in ("Evaluate", *OFFERS) if flags.get(endpoint) is True)
        if "Evaluate" not in found:
            hint = "the model has to support Evaluate: supports_evaluate returns True"
            raise self.server.problem("ModelInfo", f"says that {self.model} can't be evaluated", hint)
        return found

    def sizes(self, of: str) -> list[int]:
        """The sizes of the inputs or of the outputs."""
        found = self.ask(f"{of}Sizes", name=self.model, config=self.config).get(f"{of.lower()}Sizes")
        if not isinstance(found, list) or not found or not all(isinstance(n, float) and n >= 0 and n == int(n) for n in found):
            what = f'answered {cut(spelled(found))} as "{of.lower()}Sizes" of {self.model}'
            raise self.server.problem(f"{of}Sizes", what, "sizes are a list of whole numbers, such as [2, 1]")
        return [int(n) for n in found]

    def prepared(self, at: Mapping[str, Value]) -> dict[str, Value]:
        """The complete point: a vector for each input, or a number for one of one element."""
        for name in (self.inputs if set(at) <= set(self.inputs) else ()):  # fmt: skip
            if name not in at:
                raise MissingValue([name for name in self.inputs if name not in at], hint=f"the model takes {self.example()}")
        point = complete(self, at)
        for name, size in zip(self.inputs, self.input_sizes, strict=True):
            shape = shape_of(point[name])
            if shape != (size,) and (shape, size) != ((), 1):
                has = f"an array of shape {shape}" if shape else "a number"
                raise PointError(f"'{name}' of {self.model} is a vector of {size}, not {has}", f"the model takes {self.example()}")
            if not all_finite(point[name]):
                raise PointError(f"'{name}' is not finite, and JSON, which the server speaks, has no such number", "give a finite point")
        return point

    def example(self) -> str:
        """The option that gives every input a value."""
        return f'--at "{",".join(f"{name}=ones({size})" for name, size in zip(self.inputs, self.input_sizes, strict=True))}"'

    def evaluate(self, at: Mapping[str, Value]) -> Outputs:
        """The outputs at a point."""
        found = self.ask("Evaluate", at, input=self.vectors(at)).get("output")
        if not isinstance(found, list) or len(found) != len(self.output_names):
            raise self.wrong("Evaluate", found, f"a list of {len(self.output_names)} vectors", at)
        vectors = (self.vector("Evaluate", *pair, at) for pair in zip(found, self.output_sizes, strict=True))
        return {name: one_number(vector) for name, vector in zip(self.output_names, vectors, strict=True)}

    def vjp(self, at: Mapping[str, Value], weights: Outputs) -> Mapping[str, Value]:
        """Weights times the Jacobian: a request for each input and each output with weights that are not all zero."""
        point = self.vectors(at)
        parts = {
            name: [
                self.vector("Gradient", self.ask("Gradient", at, outWrt=o, inWrt=i, input=point, sens=sens).get("output"), size, at)
                for o, sens in self.moving(self.output_names, weights)
            ]
            for i, (name, size) in enumerate(zip(self.inputs, self.input_sizes, strict=True))
        }
        return {name: summed(vectors, at[name]) for name, vectors in parts.items()}

    def jvp(self, at: Mapping[str, Value], tangents: Mapping[str, Value]) -> Outputs:
        """The Jacobian times tangents: a request for each output and each input that moves."""
        point = self.vectors(at)
        parts = {
            name: [
                self.vector("ApplyJacobian", self.ask("ApplyJacobian", at, outWrt=o, inWrt=i, input=point, vec=vec).get("output"), size, at)
                for i, vec in self.moving(self.inputs, tangents)
            ]
            for o, (name, size) in enumerate(zip(self.output_names, self.output_sizes, strict=True))
        }
        return {
            name: summed(parts[name], 0.0 if size == 1 else np.zeros(size))
            for name, size in zip(self.output_names, self.output_sizes, strict=True)
        }

    def hvp(self, at: Mapping[str, Value], weights: Outputs, tangents: Mapping[str, Value]) -> Mapping[str, Value]:
        """The derivative of `vjp` along tangents: a request for each input, each input that moves and each output with weights."""
        point = self.vectors(at)

        def asked(o: int, sens: Sequence[float], i: int, j: int, vec: Sequence[float], size: int) -> Any:
            answer = self.ask("ApplyHessian", at, outWrt=o, inWrt1=i, inWrt2=j, input=point, sens=sens, vec=vec)
            return self.vector("ApplyHessian", answer.get("output"), size, at)

        moving, weighed = list(self.moving(self.inputs, tangents)), list(self.moving(self.output_names, weights))
        return {
            name: summed([asked(o, sens, i, j, vec, size) for o, sens in weighed for j, vec in moving], at[name])
            for i, (name, size) in enumerate(zip(self.inputs, self.input_sizes, strict=True))
        }

    def moving(self, known: Sequence[str], values: Mapping[str, Value]) -> Iterator[tuple[int, list[float]]]:
        """The numbers and the vectors of those of some names that have a value which is not all zero."""
        for number, name in enumerate(known):
            vector = as_list(values[name]) if name in values else []
            if any(vector):
                yield number, vector

    def vectors(self, at: Mapping[str, Value]) -> list[list[float]]:
        """The point as the protocol has it."""
        return [as_list(at[name]) for name in self.inputs]

    def vector(self, endpoint: str, data: Any, size: int, at: Mapping[str, Value]) -> Any:
        """A vector of an answer."""
        try:
            found = value_of(data) if isinstance(data, list) else None
        except ValueError:
            found = None
        if found is None or shape_of(found) != (size,):
            raise self.wrong(endpoint, data, f"a vector of {size}", at)
        return found

    def wrong(self, endpoint: str, data: Any, expected: str, at: Mapping[str, Value]) -> TargetProblem:
        """The error for an answer of another size than the model has declared."""
        what = (
            f"answered {cut(spelled(data)) if data is not None else 'no output'} for {self.model}, where {expected} belongs (at {told(at)})"
        )
        return self.server.problem(endpoint, what, "sizes are what /InputSizes and /OutputSizes of the model say")

    def ask(self, endpoint: str, at: Mapping[str, Value] | None = None, **body: Any) -> Any:
        """The answer of an endpoint, with the model's name and its configuration where a point is asked about."""
        about = {} if at is None else {"name": self.model, "config": self.config}
        try:
            return self.server.ask(endpoint, {**about, **body} or None)
        except Refused as refusal:
            kind = refusal.data.get("error", {}) if isinstance(refusal.data, dict) else {}
            lost = at is None or (isinstance(kind, dict) and kind.get("type") in LOST) or refusal.status in (401, 403, 404, 405)
            place = "" if at is None else f" (at {told(at)})"
            words = said(refusal.data).removeprefix(f"{refusal.status} ") or "nothing"
            what = f"{self.server.url}/{endpoint} answered {refusal.status}: {words}{place}"
            raise TargetProblem(what, "what the server itself writes may say more", gone=lost) from refusal


def read_config(config: Any) -> Any:
    """The configuration of a model: an object, or the text of one."""
    try:
        found = json.loads(config) if isinstance(config, str) else {} if config is None else config
    except ValueError as fault:
        raise UsageError(f"--model-config '{cut(config)}' is not JSON: {fault}", "--model-config '{\"level\": 1}'") from fault
    if not isinstance(found, dict):
        raise UsageError(f"--model-config {cut(spelled(found))} is no object", "--model-config '{\"level\": 1}'")
    return found


def same_version(version: Any) -> bool:
    """Whether a server says that it speaks this version, as a number or a text."""
    try:
        return float(version) == VERSION and not isinstance(version, bool)
    except (TypeError, ValueError):
        return False


def names(letter: str, count: int) -> tuple[str, ...]:
    """Names for so many vectors: the letter for the only one, else the letter with a number."""
    return (letter,) if count == 1 else tuple(f"{letter}{i}" for i in range(count))


def as_list(value: Value) -> list[float]:
    """A value as a list of numbers."""
    return [value] if isinstance(value, float) else np.ravel(value).tolist()


def one_number(vector: Any) -> Value:
    """A vector; a number where it has one element."""
    return float(vector[0]) if vector.size == 1 else vector


def summed(vectors: Sequence[Any], like: Value) -> Value:
    """The sum of vectors in the shape of a value; of none zero."""
    total = sum(vectors[1:], vectors[0]) if vectors else np.zeros(shape_of(like))
    return float(total.reshape(())) if isinstance(like, float) else total.reshape(shape_of(like))
