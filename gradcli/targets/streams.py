"""Where the user's code prints: standard error, because standard output carries gradcli's answer. Knows nothing of what is printed."""

from __future__ import annotations

import os
import sys
from types import TracebackType


class ToStandardError:
    """A context in which everything goes to standard error: `print`, and what other languages and other programs write.

    >>> with ToStandardError():
    ...     print("not in the answer")
    """

    __slots__ = ("saved", "stdout")

    def __enter__(self) -> None:
        self.stdout = sys.stdout
        sys.stdout = sys.stderr
        self.saved: int | None = None
        try:
            self.saved = os.dup(1)
            os.dup2(2, 1)
        except OSError:  # a process without these files has nothing to protect
            pass

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        sys.stdout = self.stdout
        if self.saved is not None:
            os.dup2(self.saved, 1)
            os.close(self.saved)
