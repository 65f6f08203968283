"""A stand-in for CasADi: matrices without vectors, and functions that know the names of their inputs and outputs."""

from __future__ import annotations

import numpy as np


class DM:
    def __init__(self, value):
        value = value.array if isinstance(value, DM) else np.asarray(value, float)
        self.array = value.reshape(-1, 1) if value.ndim < 2 else value
        self.shape = self.array.shape

    def full(self):
        return self.array


class Function:
    """A function of matrices, and its Jacobian with elements counted column by column."""

    def __init__(self, names_in, names_out, work):
        self.names_in, self.names_out, self.work = names_in, names_out, work

    def name_in(self):
        return self.names_in

    def name_out(self):
        return self.names_out

    def n_out(self):
        return len(self.names_out)

    def __call__(self, *values):
        answers = self.call(list(values))
        return answers[0] if len(answers) == 1 else tuple(answers)

    def call(self, values):
        return [DM(answer) for answer in self.work(*(DM(value).array for value in values))]

    def jacobian(self):
        return Jacobian(self)


class Jacobian:
    def __init__(self, function):
        self.function = function

    def call(self, values):
        inputs = [DM(value).array for value in values[: len(self.function.names_in)]]
        return [DM(self.block(i, j, inputs)) for i in range(self.function.n_out()) for j in range(len(inputs))]

    def block(self, i, j, inputs):
        columns = []
        for place in range(inputs[j].size):
            moved = inputs[j].ravel(order="F").astype(complex)
            moved[place] += 1e-30j
            answer = self.function.work(*inputs[:j], moved.reshape(inputs[j].shape, order="F"), *inputs[j + 1 :])[i]
            columns.append(np.imag(answer).ravel(order="F") / 1e-30)
        return np.array(columns).T
