"""Arguments at which tests try rows: ordinary, large and tiny."""

Samples = tuple[tuple[float, ...], ...]


def points(*values: float) -> Samples:
    """Samples of a function of one argument."""
    return tuple((value,) for value in values)


POSITIVE = points(1e-8, 0.1, 0.7, 1.0, 2.3, 30.0, 1e8)
NONZERO = points(-1e8, -30.0, -1.3, -1e-8, 1e-8, 0.4, 2.0, 50.0, 1e8)
REAL = points(-30.0, -2.2, -0.5, -1e-9, 1e-9, 0.3, 1.0, 4.1, 30.0)
MODERATE = points(-2.2, -0.9, -1e-7, 1e-7, 0.3, 1.2, 2.9)
WIDE = points(-700.0, -40.0, -3.0, -1e-7, 1e-7, 0.6, 5.0, 40.0, 700.0)
UNIT = points(-0.999999, -0.6, -1e-8, 1e-8, 0.25, 0.9, 0.9999999)
PAIRS = ((0.5, 2.0), (-3.0, 7.0), (1e-9, 4e3), (2.5, -0.25), (1e8, 3.0))
