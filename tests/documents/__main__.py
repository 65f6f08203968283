"""Shows what is stale in the README; with --write it and its picture are brought up to date."""

from __future__ import annotations

import difflib
import sys

from tests.documents.readme import PICTURE, README, picture, renewed

old = README.read_text("utf-8")
new = renewed(old)
sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), new.splitlines(True), "README.md", "README.md (now)", n=1))
if "--write" in sys.argv[1:]:
    README.write_text(new, "utf-8", newline="\n")
    PICTURE.write_text(picture(), "utf-8", newline="\n")
