"""Functions with gradients written by hand, one of them wrong."""


def error(w, x):
    return (w * x - 1) ** 2


def gradient(w, x):
    return {"w": 2 * x * (w * x - 1), "x": 2 * w * (w * x - 1)}


def forgotten(w, x):
    return {"w": 2 * (w * x - 1), "x": 2 * w * (w * x - 1)}
