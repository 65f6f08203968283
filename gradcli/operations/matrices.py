"""Rows of linear algebra: determinants, inverses, linear systems, Cholesky's factor. Stacks of matrices are one matrix after the other.

Of a singular matrix the inverse and what is made with it are nan everywhere; its determinant is 0, and has a gradient.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations import elimination
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import shape_text

U = 2.0**-53
TINY = 5e-324


def square(x: Any, name: str) -> Any:
    """A matrix with as many rows as columns, or a stack of them. Raises ShapeProblem for another shape."""
    if len(shape_of(x)) < 2 or shape_of(x)[-1] != shape_of(x)[-2]:
        raise ShapeProblem(f"{name} is about square matrices, not the shape {shape_text(shape_of(x))}", "rows and columns are as many")
    return x


def sides(a: Any, b: Any) -> tuple[Any, Any]:
    """Both sides of a linear system, the right one as a matrix. Raises ShapeProblem if they do not fit."""
    square(a, "solve")
    b = np.asarray(b)
    if not b.ndim or b.shape[-2 if b.ndim > 1 else -1] != a.shape[-1]:
        raise ShapeProblem(
            f"solve can't use the shapes {shape_text(a.shape)} and {shape_text(b.shape)}: a has {a.shape[-1]} rows", "b needs as many rows"
        )
    return a, b[:, None] if b.ndim == 1 else b


def nan_where_singular(function: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy's function of stacks, with nan in the place of matrices that it refuses."""

    def careful(*stacks: Any) -> Any:
        try:
            return function(*stacks)
        except np.linalg.LinAlgError:
            return elimination.each(one_by_one, *stacks)

    def one_by_one(*matrices: Any) -> Any:
        try:
            return function(*matrices)
        except np.linalg.LinAlgError:
            return np.full(matrices[-1].shape, np.nan)

    return careful


def _inv(x: Any) -> Any:
    """NumPy's inverse."""
    return nan_where_singular(np.linalg.inv)(square(x, "inv"))


def _solve(a: Any, b: Any, solver: Callable[..., Any]) -> Any:
    """The solution by a solver of matrices, a vector where b is one."""
    left, right = sides(a, b)
    found = solver(left, right)
    return found[..., 0] if len(shape_of(b)) == 1 else found


def _cholesky(x: Any) -> Any:
    """NumPy's factor of the symmetric part."""
    square(x, "cholesky")
    return nan_where_singular(np.linalg.cholesky)((x + np.swapaxes(x, -1, -2)) / 2)


def _cofactor(x: Any) -> Any:
    """det(x)*inv(x).T, from singular values: it exists for singular matrices too. Of two rows it only moves elements."""
    if shape_of(x)[-2:] == (2, 2):
        return x[..., ::-1, ::-1] * np.array([[1.0, -1.0], [-1.0, 1.0]])
    u, s, v = np.linalg.svd(square(x, "det"))
    others = np.stack([np.prod(np.delete(s, i, axis=-1), axis=-1) for i in range(s.shape[-1])], axis=-1) if s.shape[-1] else s
    return (np.linalg.det(u) * np.linalg.det(v))[..., None, None] * (u * others[..., None, :]) @ v


def _slogdet(x: Any) -> Any:
    """NumPy's slogdet, as one array."""
    return np.stack(np.linalg.slogdet(square(x, "slogdet")), axis=-1)


def _largest(x: Any) -> Any:
    """The largest element of each matrix by size, with axes of length 1."""
    return np.max(np.abs(x), axis=(-1, -2), keepdims=True, initial=0.0)


def _condition(x: Any) -> Any:
    """A bound of the relative error of elimination: the condition number of each matrix in the norm of row sums, and its rounding."""
    rows = [np.max(np.sum(np.abs(m), axis=-1), axis=-1, initial=0.0)[..., None, None] for m in (x, _inv(x))]
    return 8 * x.shape[-1] * U * np.where(np.isnan(rows[1]), np.inf, rows[0] * rows[1])


def _error_of_solution(a: Any, b: Any, y: Any) -> Any:
    """A bound of the error of a linear system's solution."""
    columns = y[..., None] if len(shape_of(b)) == 1 else y
    bound = _condition(a) * np.max(np.abs(columns), axis=-2, keepdims=True, initial=0.0) + 0 * columns
    return bound[..., 0] if len(shape_of(b)) == 1 else bound


def _error_of_det(y: Any, x: Any) -> Any:
    """A bound of the error of a determinant: rounding of a matrix as large as its largest element, times the cofactors."""
    bound = 8 * max(x.shape[-1], 1) * U * np.sum(np.abs(_cofactor(x)), axis=(-1, -2)) * _largest(x)[..., 0, 0]
    return bound + 4 * U * np.abs(y) + TINY


def _error_of_cofactors(x: Any) -> Any:
    """A bound of the error of cofactors: rounding of a matrix as large as its largest singular value, times all others but one."""
    s = np.linalg.svd(x, compute_uv=False)
    products = np.prod(s[..., : max(s.shape[-1] - 2, 0)], axis=-1) * s[..., :1].sum(-1) if s.shape[-1] > 1 else np.ones(s.shape[:-1])
    return (16 * max(x.shape[-1], 1) ** 2 * U * products)[..., None, None]


def _error_of_logarithm(y: Any, x: Any) -> Any:
    """A bound of the error of the logarithm of a determinant; of its sign there is none, unless that bound is large."""
    bound = 8 * x.shape[-1] * U * np.sum(np.abs(_inv(x)), axis=(-1, -2)) * _largest(x)[..., 0, 0]
    bound = np.where(np.isnan(bound), np.inf, bound) + (x.shape[-1] + 2) * U * (1 + np.abs(y[..., 1]))
    return np.stack([np.where(bound < 0.25, 0.0, 2.0), bound], axis=-1)


def turned(F: Any, x: Any) -> Any:
    """The transposed matrices."""
    return F.swapaxes(x, -1.0, -2.0)


def one_each(F: Any, g: Any) -> Any:
    """A number for each matrix, with axes of length 1 behind."""
    return F.reshape(g, *shape_of(g), 1, 1)


def _product(F: Any, a: Any, b: Any) -> Any:
    """The sum of products of the elements, for each matrix."""
    return F.sum(a * b, (-1.0, -2.0), False)


def _cofactor_share(F: Any, g: Any, y: Any, x: Any) -> Any:
    """<g, y>·K - K gᵀ y with K the transposed inverse."""
    k = turned(F, F.inv(x))
    return one_each(F, _product(F, g, y)) * k - F.matmul(F.matmul(k, turned(F, g)), y)


def _cofactor_tangent(F: Any, t: Any, y: Any, x: Any) -> Any:
    """<K, t>·y - y tᵀ K with K the transposed inverse."""
    k = turned(F, F.inv(x))
    return one_each(F, _product(F, k, t)) * y - F.matmul(F.matmul(y, turned(F, t)), k)


def _logarithm(F: Any, g: Any) -> Any:
    """The part of an adjoint or of a value that belongs to the logarithm."""
    return F.index(g, 1.0, (("ellipsis",), ("item",)))


def _beside_zero(F: Any, t: Any) -> Any:
    """A tangent of the logarithm, behind one of the sign, which does not move."""
    return F.stack(F.broadcast_to(F.number(0.0), shape_of(t)), t, -1.0)


def _columns(F: Any, x: Any, b: Any) -> Any:
    """A solution, or an adjoint of one, as a matrix where b is a vector."""
    return F.expand_dims(x, -1.0) if len(shape_of(b)) == 1 else x


def _back(F: Any, x: Any, b: Any) -> Any:
    """And back."""
    return F.reshape(x, *shape_of(x)[:-1]) if len(shape_of(b)) == 1 else x


def _share_of_right(F: Any, g: Any, a: Any, b: Any) -> Any:
    """The solution of the transposed system for g, as a matrix."""
    return F.solve(turned(F, a), _columns(F, g, b))


def _share_of_left(F: Any, g: Any, y: Any, a: Any, b: Any) -> Any:
    """Minus that times the solution."""
    return -F.matmul(_share_of_right(F, g, a, b), turned(F, _columns(F, y, b)))


def _tangent_of_left(F: Any, t: Any, y: Any, a: Any, b: Any) -> Any:
    """What a change of the matrix does to the solution."""
    return _back(F, -F.solve(a, F.matmul(t, _columns(F, y, b))), b)


def _tangent_of_right(F: Any, t: Any, a: Any, b: Any) -> Any:
    """What a change of the right side does to the solution."""
    return _back(F, F.solve(a, _columns(F, t, b)), b)


def _lower_half(F: Any, x: Any) -> Any:
    """The lower triangle with half of the diagonal."""
    lower = F.tril(x, 0.0)
    return lower - F.triu(lower, 0.0) / 2


def _cholesky_share(F: Any, g: Any, y: Any) -> Any:
    """The symmetric part of L⁻ᵀ Φ(Lᵀ g) L⁻¹, where Φ takes the lower triangle with half of the diagonal."""
    upper = turned(F, y)
    inner = F.solve(upper, _lower_half(F, F.matmul(upper, g)))
    found = F.solve(upper, turned(F, inner))
    return (found + turned(F, found)) / 2


def _cholesky_tangent(F: Any, t: Any, y: Any) -> Any:
    """L Φ(L⁻¹ t L⁻ᵀ) of the symmetric part of t."""
    inner = F.solve(y, (t + turned(F, t)) / 2)
    return F.matmul(y, _lower_half(F, F.solve(y, turned(F, inner))))


MATRICES = (("regular 3x3",), ("2x2x2",), ("1x1",))

ROWS = (
    ArrayOp("det", value=lambda x: np.linalg.det(square(x, "det")),
            exact=lambda F, x: elimination.each(lambda m: elimination.determinant(F, m), square(x, "det")),
            pullbacks=(lambda F, g, y, x: one_each(F, g) * F.cofactor(x),),
            pushforwards=(lambda F, t, y, x: _product(F, t, F.cofactor(x)),),
            error=_error_of_det, cases=MATRICES, share="g*det(x)*inv(x).T", doc="determinant"),
    ArrayOp("cofactor", value=_cofactor, exact=lambda F, x: elimination.each(lambda m: elimination.cofactors(F, m), square(x, "det")),
            pullbacks=(lambda F, g, y, x: _cofactor_share(F, g, y, x),), pushforwards=(lambda F, t, y, x: _cofactor_tangent(F, t, y, x),),
            error=lambda y, x: _error_of_cofactors(x), cases=MATRICES, internal=True, doc="det(x)*inv(x).T, also of singular matrices"),
    ArrayOp("slogdet", value=_slogdet,
            exact=lambda F, x: elimination.each(lambda m: elimination.sign_and_logarithm(F, m), square(x, "slogdet")),
            pullbacks=(lambda F, g, y, x: one_each(F, _logarithm(F, g)) * turned(F, F.inv(x)),),
            pushforwards=(lambda F, t, y, x: _beside_zero(F, _product(F, t, turned(F, F.inv(x)))),),
            error=_error_of_logarithm, cases=MATRICES, share="g[1]*inv(x).T", doc="[sign of det(x), log(abs(det(x)))]"),
    ArrayOp("inv", "inverse", "x", value=_inv, exact=lambda F, x: elimination.each(lambda m: elimination.inverse(F, m), square(x, "inv")),
            pullbacks=(lambda F, g, y, x: -F.matmul(F.matmul(turned(F, y), g), turned(F, y)),),
            pushforwards=(lambda F, t, y, x: -F.matmul(F.matmul(y, t), y),), error=lambda y, x: _condition(x) * _largest(y) + 0 * y,
            cases=MATRICES, domain="regular matrices", share="-y.T @ g @ y.T with y = inv(x)", doc="inverse matrix"),
    ArrayOp("solve", params="a b", value=lambda a, b: _solve(a, b, nan_where_singular(np.linalg.solve)),
            exact=lambda F, a, b: _solve(a, b, lambda *both: elimination.each(lambda m, n: elimination.solution(F, m, n), *both)),
            pullbacks=(lambda F, g, y, a, b: _share_of_left(F, g, y, a, b), lambda F, g, y, a, b: _back(F, _share_of_right(F, g, a, b), b)),
            pushforwards=(lambda F, t, y, a, b: _tangent_of_left(F, t, y, a, b), lambda F, t, y, a, b: _tangent_of_right(F, t, a, b)),
            error=lambda y, a, b: _error_of_solution(a, b, y), domain="a is a regular matrix",
            cases=(("regular 3x3", "3"), ("2x2", "2x3"), ("2x2x2", "2"), ("regular 2x2", "3x2x1")),
            share="-solve(a.T, g) @ y.T; solve(a.T, g)", doc="the y with a @ y = b"),
    ArrayOp("cholesky", value=_cholesky, exact=lambda F, x: elimination.each(lambda m: elimination.factor(F, m), square(x, "cholesky")),
            pullbacks=(lambda F, g, y, x: _cholesky_share(F, g, y),), pushforwards=(lambda F, t, y, x: _cholesky_tangent(F, t, y),),
            error=lambda y, x: _condition(x) * _largest(y) + 0 * y, cases=(("definite 3x3",), ("definite 2x2x2",), ("definite 1x1",)),
            domain="positive definite matrices", share="a symmetric matrix, by solve with y.T",
            doc="the lower triangular y with y @ y.T = (x + x.T)/2"),
)  # fmt: skip
