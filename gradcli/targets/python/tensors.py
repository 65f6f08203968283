"""Tensors of the libraries that people differentiate with, and sparse matrices, as arrays of NumPy. Imports none of these libraries."""

from __future__ import annotations

from typing import Any


def family(thing: Any) -> str:
    """The library that a thing's type belongs to: "torch", "jax", "casadi", "autograd", or another module's name."""
    name = type(thing).__module__.partition(".")[0]
    return "jax" if name == "jaxlib" else name


def untensored(thing: Any) -> Any:
    """A tensor as an array; lists and tuples with tensors in them as such with arrays; anything else as it is."""
    kind = family(thing)
    if kind == "builtins":
        return type(thing)(map(untensored, thing)) if type(thing) in (list, tuple) else thing
    convert = CONVERSIONS.get(kind)
    return convert(thing) if convert else thing


def from_torch(tensor: Any) -> Any:
    """PyTorch's tensor, wherever it lies and whatever graph it carries; bfloat16, which NumPy does not have, as float32."""
    if not hasattr(tensor, "detach"):
        return tensor
    plain = tensor.detach().cpu()
    if plain.is_sparse:
        plain = plain.to_dense()
    plain = plain.resolve_conj().resolve_neg()
    return (plain.float() if str(plain.dtype) == "torch.bfloat16" else plain).numpy()


def from_casadi(matrix: Any) -> Any:
    """CasADi's matrix; a column is a vector, and one element a number."""
    if not hasattr(matrix, "full"):
        return matrix
    array = matrix.full()
    return array[:, 0] if array.shape[1] == 1 and array.shape[0] != 1 else array[0, 0] if array.size == 1 else array


def from_scipy(matrix: Any) -> Any:
    """SciPy's sparse matrix."""
    return matrix.toarray() if hasattr(matrix, "toarray") else matrix


def from_autograd(box: Any) -> Any:
    """The value in a box of autograd's, which it puts around what it differentiates."""
    return from_autograd(box._value) if hasattr(box, "_value") else box


CONVERSIONS = {"torch": from_torch, "casadi": from_casadi, "autograd": from_autograd, "scipy": from_scipy}
"""JAX's arrays need none: NumPy reads them."""
