"""NumPy on first use: rows of arrays name its functions, and importing the table does not load it."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any


class LazyNumpy:
    """NumPy, imported when something of it is asked for.

    Sets OPENBLAS_NUM_THREADS=1 before the import unless the user has set it: OpenBLAS otherwise starts a thread that spins, which
    takes longer than most programs here.
    """

    def __getattr__(self, name: str) -> Any:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        import numpy

        ARRAYS.add(numpy.ndarray)
        found = getattr(numpy, name)
        setattr(self, name, found)
        return found


ARRAYS: set[type] = set()
"""NumPy's type of arrays; empty as long as NumPy is not loaded here, and then no value of a run is an array."""

np: Any = LazyNumpy()


def silently() -> AbstractContextManager[Any]:
    """A context in which NumPy says nothing about inf and nan, as where Python's floats are meant; does not load NumPy."""
    return sys.modules["numpy"].errstate(all="ignore") if "numpy" in sys.modules else nullcontext()
