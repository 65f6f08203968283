"""Answers as files of arrays, which NumPy reads: .npy holds one array, .npz several by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, BinaryIO

from gradcli.cli.arguments import choose_format
from gradcli.cli.terminal import write_file
from gradcli.errors import UsageError

ENDINGS = (".npy", ".npz")

ARRAYS = "arrays"
"""The format of these files."""


def format_or_arrays(formats: Sequence[str], wanted: str | None, json: bool, output: str | None) -> str:
    """The format of an answer; a file of arrays can have no other."""
    if not is_array_file(output):
        return choose_format(formats, wanted, json, output)
    if wanted or json:
        given = "--json" if json else f"--format {wanted}"
        raise UsageError(f"'{output}' is a file of arrays, and {given} is text", hint=f"leave {given} out, or -o answer.txt")
    return ARRAYS


def is_array_file(output: str | None) -> bool:
    """Whether a file's name says that it holds arrays."""
    return output is not None and output.lower().endswith(ENDINGS)


def is_single(output: str | None) -> bool:
    """Whether a file of arrays holds one only."""
    return output is not None and output.lower().endswith(".npy")


def write_arrays(output: str, arrays: Mapping[str, Any]) -> None:
    """Write arrays of float64 into a file. Raises UsageError if there are several and the file holds one."""
    if output.lower().endswith(".npz"):
        write_file(output, several(arrays))
        return
    if len(arrays) != 1:
        names = ", ".join(list(arrays)[:4]) + (", …" if len(arrays) > 4 else "")
        raise UsageError(f"a .npy file holds one array, and there are {len(arrays)}: {names}", hint=f"-o {output[:-1]}z holds all of them")
    buffer = BytesIO()
    put(buffer, *arrays.values())
    write_file(output, buffer.getvalue())


def several(arrays: Mapping[str, Any]) -> bytes:
    """Arrays by name as the bytes of a .npz file."""
    from zipfile import ZipFile

    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                put(file, array)
    return buffer.getvalue()


def put(file: BinaryIO | Any, array: Any) -> None:
    """Write one array, or a number as an array without axes."""
    from gradcli.operations.lazily import np

    np.lib.format.write_array(file, np.asarray(array, float), allow_pickle=False)
