"""Functions with gradients written by hand: what `gradcli check --python examples/gradients.py:NAME` checks."""

import numpy as np


def logistic(w, X, y):
    """The loss of a logistic regression for labels of ±1."""
    return np.mean(np.log1p(np.exp(-y * (X @ w))))


def logistic_gradient(w, X, y):
    """Its gradient by w, as an array."""
    return -(y / (1 + np.exp(y * (X @ w)))) @ X / len(y)


def ridge(w, X, y, strength=0.1):
    """The loss of a ridge regression."""
    return np.mean((X @ w - y) ** 2) + strength * w @ w


def ridge_gradient(w, X, y, strength=0.1):
    """Its gradient by two of its inputs, as a dict."""
    return {"w": 2 * X.T @ (X @ w - y) / len(y) + 2 * strength * w, "strength": w @ w}


def least_squares_gradient(w, X, y):
    """The gradient of a regression without the ridge."""
    return 2 * X.T @ (X @ w - y) / len(y)


def rosenbrock(x):
    """The valley of Rosenbrock with its gradient, as optimisers take the two."""
    step = x[1:] - x[:-1] ** 2
    gradient = np.zeros_like(x)
    gradient[:-1] = -400 * step * x[:-1] - 2 * (1 - x[:-1])
    gradient[1:] += 200 * step
    return np.sum(100 * step**2 + (1 - x[:-1]) ** 2), gradient


def henon(x, y, a=1.4, b=0.3):
    """A step of the map of Hénon: two outputs."""
    return 1 - a * x**2 + y, b * x


def henon_jacobian(x, y, a=1.4, b=0.3):
    """Its Jacobian by x and y: a row for each output."""
    return [[-2 * a * x, 1], [b, 0]]
