"""Shows how the sessions differ from what gradcli answers now; with --write they are brought up to date."""

from __future__ import annotations

import difflib
import sys
import tempfile
from pathlib import Path

from tests.cases.session import SESSIONS, prepare, replayed

stale = 0
for path in SESSIONS:
    old = path.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), old)
        new = replayed(old, Path(folder))
    stale += new != old
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), path.name, f"{path.name} (now)", n=1))
    if "--write" in sys.argv[1:]:
        path.write_text(new, "utf-8", newline="\n")
sys.exit(0 if "--write" in sys.argv[1:] else min(stale, 1))
