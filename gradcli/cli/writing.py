"""Files that are replaced as a whole, or not at all: nobody finds half a report."""

from __future__ import annotations

import errno
import os
import stat

from gradcli.errors import FileProblem


def unwritable(path: str) -> str:
    """Why a file can't be written, as far as that can be known without touching it; empty if nothing speaks against it."""
    try:
        return reason_against(path)
    except (OSError, ValueError) as problem:
        return getattr(problem, "strerror", None) or str(problem)


def reason_against(path: str) -> str:
    """The same for a path that may be none at all."""
    folder = os.path.dirname(path) or "."  # noqa: PTH120
    if not os.path.isdir(folder):  # noqa: PTH112
        return f"there is no folder '{folder}'"
    if os.path.isdir(path) or path.endswith(("/", os.sep)):  # noqa: PTH112
        return "it is a folder"
    exists = stat_mode(path) is not None
    return "" if os.access(path if exists else folder, os.W_OK) else "permission denied"


def stat_mode(path: str) -> int | None:
    """The kind and the permissions of a file, None if there is none."""
    try:
        return os.stat(path).st_mode  # noqa: PTH116
    except FileNotFoundError:
        return None


def replace_file(path: str, text: str, what: str = "the report ", hint: str = "--report json:report.json writes into this folder") -> None:
    """Write a text into a file beside it, which then takes its place; what can't be replaced, such as a pipe, is written as it is."""
    data = text.encode("utf-8", "backslashreplace")
    try:
        mode = stat_mode(path)
        regular = mode is None or stat.S_ISREG(mode)
        if not (regular and replaced(os.path.realpath(path), data, mode)):
            overwrite(path, data)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise FileProblem(f"can't write {what}'{path}': {reason}", hint=hint) from problem


def overwrite(path: str, data: bytes) -> None:
    """Write into a file as it is."""
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(data)


def replaced(path: str, data: bytes, mode: int | None) -> bool:
    """Whether a new file has taken the place of another; where a folder takes no new file it has not. A full disk is a failure."""
    beside = f"{path}.{os.getpid()}.part"
    try:
        with open(beside, "xb") as file:  # noqa: PTH123
            file.write(data)
        if mode is not None:
            os.chmod(beside, stat.S_IMODE(mode))  # noqa: PTH101
        os.replace(beside, path)  # noqa: PTH105
    except OSError as problem:
        if problem.errno == errno.ENOSPC:
            raise
        return False
    finally:
        if os.path.exists(beside):  # noqa: PTH110
            os.remove(beside)  # noqa: PTH107
    return True
