"""Functions for the sessions, with the mistakes that people make."""

print("losses are imported")


def mse(w, x, y):
    return sum((w * a - b) ** 2 for a, b in zip(x, y, strict=True)) / len(x)


def mse_gradient(w, x, y):
    return sum(2 * a * (w * a - b) for a, b in zip(x, y, strict=True)) / len(x)


def without_mean(w, x, y):
    return sum(2 * a * (w * a - b) for a, b in zip(x, y, strict=True))


def both(w, x, y):
    return mse(w, x, y), mse_gradient(w, x, y)


def polar(r, t):
    return [r * t, r - t, r]


def by_input(r, t):
    return [[t, 1, 1], [r, -1, 0]]


def mapped(v):
    return [v[0] * v[1], v[2]]


def transposed(v):
    return [[v[1], 0], [v[0], 0], [0, 1]]


def hinge(x):
    return max(0.0, 1 - x)


def forgetful(x):
    x * 2


def leaving(x):
    exit(3)


def in_place(v):
    v += 1
    return v.sum()


def dividing(x):
    return 1 / x
