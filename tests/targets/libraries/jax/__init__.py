"""A stand-in for JAX: reverse mode by complex steps, for functions of complex numbers."""

from __future__ import annotations

from types import SimpleNamespace

from jax import numpy

config = SimpleNamespace(jax_enable_x64=True)


def vjp(function, arguments):
    answer = function(arguments)

    def back(outer):
        assert type(outer) is type(answer) or not isinstance(answer, tuple | dict)
        return ({name: slopes(function, arguments, name, leaves(outer)) for name in arguments},)

    return answer, back


def slopes(function, arguments, name, weights):
    found = numpy.zeros(arguments[name].shape)
    for place in numpy.ndindex(*found.shape):
        moved = arguments[name].astype(complex)
        moved[place] += 1e-30j
        answers = leaves(function({**arguments, name: moved}))
        found[place] = sum((weight * answer.imag).sum() / 1e-30 for weight, answer in zip(weights, answers, strict=True))
    return found


def leaves(tree):
    return [numpy.asarray(leaf) for leaf in (tree.values() if isinstance(tree, dict) else tree if isinstance(tree, tuple) else (tree,))]
