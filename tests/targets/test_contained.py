"""What the user's code may do to its process stays in its call, however that ends."""

from __future__ import annotations

import os
import subprocess
import sys
from types import FrameType
from typing import Any

import pytest

from gradcli.targets.python.contained import contained


def settings() -> dict[str, Any]:
    """What is redirected: objects, and the file behind the descriptor of standard output."""
    return {"stdout": sys.stdout, "ending": os._exit, "file": os.fstat(1).st_ino, "device": os.fstat(1).st_dev}


def interrupted_at(event: int) -> bool:
    """Whether some quiet work has had an interrupt, raised where Python raises them: behind a call in C, or as a function begins."""
    events = 0

    def count(_frame: FrameType, kind: str, _argument: Any) -> None:
        nonlocal events
        if kind in ("call", "c_return"):
            events += 1
            if events == event:
                raise KeyboardInterrupt

    sys.setprofile(count)
    try:
        contained(lambda: len("work"))
    except KeyboardInterrupt:
        return True
    finally:
        sys.setprofile(None)
    return False


def test_an_interrupt_at_any_point_leaves_nothing_redirected(capfd: pytest.CaptureFixture[str]) -> None:
    contained(lambda: None)  # the search for C's library is no part of what is looked at
    before, event = settings(), 1
    while interrupted_at(event):
        assert settings() == before, event
        event += 1
    assert settings() == before
    assert event > 10
    os.write(1, b"the answer")
    assert capfd.readouterr().out == "the answer"


def test_a_process_without_standard_output_or_error_runs_as_well() -> None:
    code = "import os; from gradcli.targets.python.contained import contained; os.close({}); os._exit(contained(lambda: 7))"
    for descriptor in (1, 2):
        assert subprocess.run([sys.executable, "-c", code.format(descriptor)], check=False).returncode == 7
