"""A stand-in for autograd.core."""

from __future__ import annotations

import numpy as np

from autograd import builtins


def make_vjp(function, arguments):
    answers = function(arguments)
    assert isinstance(answers, builtins.tuple), "autograd follows nothing through Python's own containers"

    def back(weights):
        return {name: slopes(function, arguments, name, weights) for name in arguments}

    return back, answers


def slopes(function, arguments, name, weights):
    found = np.zeros(np.shape(arguments[name]))
    for place in np.ndindex(*found.shape):
        moved = np.array(arguments[name], complex)
        moved[place] += 1e-30j
        answers = function({**arguments, name: moved})
        found[place] = sum(np.sum(weight * np.imag(answer)) / 1e-30 for weight, answer in zip(weights, answers, strict=True))
    return found
