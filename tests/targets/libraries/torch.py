"""A stand-in for PyTorch: products and sums with a graph, and functions with a backward of their own."""

from __future__ import annotations

import numpy as np

float64 = "torch.float64"


class Tensor:
    def __init__(self, value, parents=()):
        self.value = np.asarray(value)
        self.parents = parents
        self.requires_grad = any(parent.requires_grad for parent, _ in parents)
        self.is_sparse = False
        self.shape = self.value.shape
        self.dtype = f"torch.{self.value.dtype}"

    def requires_grad_(self):
        self.requires_grad = True
        return self

    def __mul__(self, other):
        other = other if isinstance(other, Tensor) else Tensor(other)
        if self.value.dtype != other.value.dtype:
            raise RuntimeError(f"expected the same dtype, but got: {self.dtype} != {other.dtype}")
        back = [(one, lambda g, one=one, by=by: gathered(g * by.value, one.shape)) for one, by in ((self, other), (other, self))]
        return Tensor(self.value * other.value, back)

    def __imul__(self, other):
        self.value *= other
        return self

    def sum(self):
        return Tensor(self.value.sum(), [(self, lambda g: g * np.ones_like(self.value))])

    def item(self):
        return self.value.item()

    def detach(self):
        return Tensor(self.value)

    def reshape(self, shape):
        return Tensor(self.value.reshape(shape), [(self, lambda g: g.reshape(self.shape))])

    def cpu(self):
        return self

    resolve_conj = resolve_neg = cpu

    def numpy(self):
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.value


def gathered(g, shape):
    return g if np.shape(g) == shape else np.asarray(np.sum(g))


def tensor(value, dtype=np.float32):
    return Tensor(np.asarray(value, dtype))


def from_numpy(array):
    if not isinstance(array, np.ndarray):
        raise TypeError(f"expected np.ndarray (got {type(array).__name__})")
    return Tensor(array)


def as_tensor(value, dtype=None):
    return Tensor(value)


def stack(tensors):
    picked = [(tensor, lambda g, i=i: g[i]) for i, tensor in enumerate(tensors)]
    return Tensor(np.stack([tensor.value for tensor in tensors]), picked)


class Context:
    def save_for_backward(self, *tensors):
        self.saved_tensors = tensors


class autograd:  # noqa: N801 - the name of the library's module
    class Function:
        @classmethod
        def apply(cls, *tensors):
            ctx = Context()
            value = cls.forward(ctx, *tensors).value

            def back(i):
                def inner(g):
                    found = cls.backward(ctx, Tensor(g))
                    return (found if isinstance(found, tuple) else (found,))[i].value

                return inner

            return Tensor(value, [(tensor, back(i)) for i, tensor in enumerate(tensors)])

    @staticmethod
    def grad(outputs, inputs, grad_outputs, retain_graph, allow_unused):
        found = {}

        def walk(tensor, g):
            if not tensor.parents:
                found[id(tensor)] = found.get(id(tensor), 0) + g
            for parent, local in tensor.parents:
                if parent.requires_grad:
                    walk(parent, local(g))

        for output, g in zip(outputs, grad_outputs, strict=True):
            assert g.shape == output.shape
            walk(output, g.value)
        return tuple(Tensor(found[id(tensor)]) if id(tensor) in found else None for tensor in inputs)
