"""Rows of arrays and array programs beside PyTorch: `python -m tests.benchmarks.arrays_against_torch`.

PyTorch is no dependency: install it for the comparison only (`pip install torch`). Differences are in units in the last place of the
largest element; where the two differ by more than a few, the distances of both from 60 digits are printed, with the rules of the rows
in exact arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

import gradcli
from gradcli.operations.floats import FLOATS
from gradcli.operations.precise import Precise
from tests.operations.arrays import CASES, arguments_of, like, operands, over, shares, value

EXAMPLES = Path(__file__).parents[2] / "examples"
F = torch.nn.functional
LIMIT = 4
PRECISE = Precise(400)


def whole(setting: Any) -> Any:
    """A setting as PyTorch wants it: whole numbers, and tuples of them."""
    if isinstance(setting, tuple):
        return tuple(map(whole, setting))
    return int(setting) if isinstance(setting, float) and setting % 1 == 0 else setting


def reduced(function: Callable[..., Any]) -> Callable[..., Any]:
    """A reduction over an axis, several or all."""
    return lambda x, axis, keep: function(x, dim=tuple(range(x.ndim)) if axis is None else axis, keepdim=keep)


def one_axis(function: Callable[..., Any]) -> Callable[..., Any]:
    """A reduction over one axis or all elements."""
    return lambda x, axis, keep: function(x) if axis is None else None if isinstance(axis, tuple) else function(x, dim=axis, keepdim=keep)


def positions(indices: Any) -> Any:
    """An index of whole numbers."""
    return torch.tensor(whole(indices), dtype=torch.int64)


def spread(x: Any, ddof: Any, axis: Any, keep: Any) -> dict[str, Any]:
    """Arguments of var and std."""
    return {"input": x, "dim": axis, "correction": ddof, "keepdim": keep}


NAMES: dict[str, Callable[..., Any]] = {
    "broadcast_to": lambda x, shape: torch.broadcast_to(x, shape if isinstance(shape, tuple) else (shape,)),
    "reshape": lambda x, shape: torch.reshape(x, shape), "ravel": torch.ravel,
    "squeeze": lambda x, axis: torch.squeeze(x) if axis is None else torch.squeeze(x, axis), "expand_dims": torch.unsqueeze,
    "transpose": lambda x, axes: torch.permute(x, axes or tuple(range(x.ndim))[::-1]), "swapaxes": torch.swapaxes,
    "moveaxis": torch.movedim, "stack": torch.stack, "concatenate": torch.cat, "hstack": torch.hstack, "vstack": torch.vstack,
    "tile": lambda x, reps: torch.tile(x, reps if isinstance(reps, tuple) else (reps,)),
    "repeat": lambda x, n, axis: torch.repeat_interleave(x, positions(n), axis),
    "flip": lambda x, axis: torch.flip(x, tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)),
    "roll": torch.roll, "take": lambda x, i, axis: torch.take(x, positions(i)) if axis is None else None,
    "sum": reduced(torch.sum), "mean": reduced(torch.mean), "prod": one_axis(torch.prod),
    "var": lambda *xs: torch.var(**spread(*xs)), "std": lambda *xs: torch.std(**spread(*xs)),
    "norm": lambda x, order, axis, keep: torch.linalg.vector_norm(x, 2 if order is None else order, axis, keep),
    "cumsum": lambda x, axis: torch.cumsum(x, axis) if axis is not None else torch.cumsum(torch.ravel(x), 0),
    "cumprod": lambda x, axis: torch.cumprod(x, axis) if axis is not None else torch.cumprod(torch.ravel(x), 0),
    "amax": reduced(torch.amax), "amin": reduced(torch.amin),
    "sort": lambda x, axis: torch.sort(x, axis)[0] if axis is not None else torch.sort(torch.ravel(x))[0],
    "topk": lambda x, k, axis: torch.topk(x, k, axis)[0],
    "gather": lambda x, dim, index: torch.gather(x, dim, positions(index) % x.shape[dim]),
    "take_along_axis": lambda x, i, axis: torch.take_along_dim(x, positions(i) % x.shape[axis], axis) if axis is not None else None,
    "logsumexp": reduced(torch.logsumexp), "softmax": lambda x, axis: torch.softmax(x, axis) if axis is not None else None,
    "log_softmax": lambda x, axis: torch.log_softmax(x, axis) if axis is not None else None,
    "einsum": torch.einsum, "matmul": torch.matmul, "inner": torch.inner,
    "dot": lambda a, b: torch.matmul(a, b) if a.ndim and b.ndim < 3 and b.ndim else None,
    "outer": lambda a, b: torch.outer(torch.ravel(a), torch.ravel(b)), "tensordot": lambda a, b, axes: torch.tensordot(a, b, axes),
    "kron": torch.kron, "cross": lambda a, b: torch.linalg.cross(*torch.broadcast_tensors(a, b)),
    "det": torch.linalg.det, "slogdet": lambda x: torch.stack(torch.linalg.slogdet(x), -1), "inv": torch.linalg.inv,
    "solve": lambda a, b: torch.linalg.solve(a, b), "cholesky": torch.linalg.cholesky,
    "diagonal": torch.diagonal, "trace": lambda x, k: torch.trace(x) if not k and x.ndim == 2 else None,
    "diag": torch.diag, "tril": torch.tril, "triu": torch.triu,
    "conv1d": lambda x, w, stride, padding: F.conv1d(x, w, stride=stride, padding=padding),
    "correlate": lambda a, v, mode: F.conv1d(a[None, None], v[None, None])[0, 0] if mode == "valid" and len(a) >= len(v) else None,
    "mse": lambda p, t, how: F.mse_loss(*torch.broadcast_tensors(p, t), reduction=how),
    "l1_loss": lambda p, t, how: F.l1_loss(*torch.broadcast_tensors(p, t), reduction=how),
    "huber": lambda p, t, delta, how: F.huber_loss(*torch.broadcast_tensors(p, t), delta=delta, reduction=how),
    "binary_cross_entropy": lambda p, t, how: F.binary_cross_entropy(*torch.broadcast_tensors(p, t), reduction=how),
    "binary_cross_entropy_with_logits": lambda p, t, how: F.binary_cross_entropy_with_logits(*torch.broadcast_tensors(p, t), reduction=how),
    "cross_entropy": lambda x, t, how: F.cross_entropy(x, t, reduction=how) if x.ndim == t.ndim and x.ndim < 3 else None,
}  # fmt: skip
"""PyTorch's function of each row; it answers None for arguments that it does not take."""


class Comparison(NamedTuple):
    """One value or derivative of both, and the exact one."""

    what: str
    here: Any
    there: Any
    exact: Callable[[], Any]

    @property
    def ulps(self) -> float:
        """How far they are apart."""
        return distance(self.here, self.there)


def distance(a: Any, b: Any) -> float:
    """The largest difference of two arrays, in units in the last place of the largest element."""
    a, b = np.asarray(a, object), np.asarray(b, object)
    if a.shape != b.shape:
        return math.inf
    both_nan = (a != a) & (b != b)
    differences = [float(abs(x - y)) for x, y, same in zip(a.flat, b.flat, (both_nan | (a == b)).flat, strict=True) if not same]
    largest = max((abs(float(x)) for x in a.flat if math.isfinite(x)), default=0.0)
    found = max(differences, default=0.0)
    return math.inf if found != found else found / math.ulp(largest or 1.0)


def tensor(x: Any) -> Any:
    """A value as a leaf of PyTorch's graph."""
    return torch.tensor(np.array(x), dtype=torch.float64, requires_grad=True)


def theirs(op: Any, given: list[Any]) -> Any:
    """PyTorch's value of a row; None for arguments that PyTorch refuses, such as several axes, or numbers where it wants arrays."""
    try:
        return NAMES[op.name](*op.grouped(given, lambda setting: setting))
    except (RuntimeError, TypeError, IndexError):
        return None


def of_row(op: Any, case: Any, seed: int) -> Iterator[Comparison]:
    """The value and the gradients of one row at one case; nothing if PyTorch has no such function."""
    arguments = arguments_of(op, case, seed)
    places = list(operands(op, arguments))
    given = [tensor(x) if i in places else whole(x) for i, x in enumerate(arguments)]
    there = theirs(op, given)
    if there is None:
        return
    here, name = value(op, arguments), f"{op.name}{case}".replace("'", "")
    precise = over(PRECISE, op, arguments)
    yield Comparison(name, here, there.detach().numpy(), lambda: getattr(PRECISE, op.name)(*precise))
    u = like(here, np.random.default_rng(seed))
    (there * torch.tensor(u, dtype=torch.float64)).sum().backward()
    ours = shares(FLOATS, op, arguments, u)
    for i in places:
        grad = given[i].grad
        if grad is not None:
            yield Comparison(
                f"{name} by argument {i}", ours[i], grad.numpy(), lambda i=i: shares(PRECISE, op, precise, PRECISE.numbers(u))[i]
            )


def network(x: Any, y: Any, w1: Any, w2: Any) -> Any:
    return ((torch.clamp(x @ w1, min=0) @ w2 - y) ** 2).sum()


def least_squares(A: Any, x: Any, b: Any) -> Any:
    return ((A @ x - b) ** 2).sum()


def softmax_regression(X: Any, T: Any, W: Any, b: Any) -> Any:
    return -(T * torch.log_softmax(X @ W + b, dim=1)).sum() / len(X)


def gaussian_process(x: Any, y: Any, variance: Any, scale: Any, noise: Any) -> Any:
    K = variance * torch.exp(-(((x[:, None] - x) / scale) ** 2) / 2) + noise * torch.eye(len(x), dtype=torch.float64)
    L = torch.linalg.cholesky(K)
    return (torch.linalg.solve(L, y) ** 2).sum() / 2 + torch.log(torch.diag(L)).sum() + len(x) * math.log(2 * math.pi) / 2


def kalman(y: Any, q: Any, r: Any) -> Any:
    m, P, nll = 0.0, 10.0, 0.0
    for z in y:
        P = P + q
        S, e = P + r, z - m
        nll = nll + (torch.log(2 * math.pi * S) + e**2 / S) / 2
        m, P = m + P / S * e, P - P**2 / S
    return nll


PROGRAMS: tuple[tuple[Callable[..., Any], dict[str, tuple[int, ...]]], ...] = (
    (network, {"x": (16, 30), "y": (16, 4), "w1": (30, 20), "w2": (20, 4)}),
    (least_squares, {"A": (30, 8), "x": (8,), "b": (30,)}),
    (softmax_regression, {"X": (20, 5), "T": (20, 3), "W": (5, 3), "b": (3,)}),
    (gaussian_process, {"x": (10,), "y": (10,), "variance": (), "scale": (), "noise": ()}),
    (kalman, {"y": (12,), "q": (), "r": ()}),
)


def of_program(function: Callable[..., Any], shapes: dict[str, tuple[int, ...]]) -> Iterator[Comparison]:
    """The value and the gradient of an example."""
    random, name = np.random.default_rng(1), function.__name__
    point = {key: random.normal(size=shape) if shape else math.exp(random.normal()) for key, shape in shapes.items()}
    result = gradcli.grad((EXAMPLES / f"{name}.grad").read_text(encoding="utf-8"), point)
    tensors = {key: tensor(x) for key, x in point.items()}
    there = function(**tensors)
    there.backward()
    yield Comparison(name, result.value, there.detach().numpy(), lambda: None)
    for key, x in tensors.items():
        yield Comparison(f"{name} by {key}", result.gradient[key], x.grad.numpy(), lambda: None)


def main() -> None:
    """Prints how many values and derivatives agree to how many units, and those that do not, with who is nearer to the exact ones."""
    torch.set_num_threads(1)
    rows = [(op, case) for op, case in CASES if op.differentiable and op.name in NAMES]
    compared = [one for op, case in rows for seed in range(3) for one in of_row(op, case, seed)]
    compared += [one for function, shapes in PROGRAMS for one in of_program(function, shapes)]
    print(f"{len({op.name for op, _ in rows})} rows and {len(PROGRAMS)} programs")
    for limit in (0, 1, LIMIT, 64):
        print(f"{sum(one.ulps <= limit for one in compared):5d} of {len(compared)} values and derivatives agree to {limit} ulp")
    for one in compared:
        if one.ulps > LIMIT:
            exact = one.exact()
            if exact is None:
                print(f"  {one.what}: {one.ulps:.3g} ulp apart")
            else:
                print(f"  {one.what}: here {distance(one.here, exact):.3g} ulp off, PyTorch {distance(one.there, exact):.3g}")


if __name__ == "__main__":
    main()
