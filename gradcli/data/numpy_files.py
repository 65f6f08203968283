"""Arrays in NumPy's files. The bytes are read here, not by `numpy.load`: nothing is unpickled, and no header can ask for more than
the file has."""

from __future__ import annotations

import math
import zlib
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from gradcli.errors import FileProblem, nearest
from gradcli.files import limited
from gradcli.operations.lazily import np

EXACT = 2**53
"""The whole number up to which every whole number is a double."""


def from_npy(data: bytes, name: str) -> Any:
    """The array of a .npy file as float64, which it must be without loss; a number if it has no axes."""
    stream = BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, by_columns, dtype = read(stream)
    except (ValueError, SyntaxError, EOFError) as problem:
        raise FileProblem(f"{name} is no .npy file", hint="numpy.save writes one") from problem
    refuse_kind(dtype, name)
    count = math.prod(shape)
    if count * dtype.itemsize > len(data) - stream.tell():
        raise FileProblem(f"{name} is cut short: its header says {count} numbers", hint="write it anew with numpy.save")
    array = np.frombuffer(data, dtype, count, stream.tell()).reshape(shape, order="F" if by_columns else "C")
    return as_doubles(array, name)


def refuse_kind(dtype: Any, name: str) -> None:
    """Refuse elements that are no numbers, or numbers that doubles do not hold."""
    if dtype.hasobject:
        raise FileProblem(f"{name} holds pickled Python objects, which are never loaded", hint="numpy.save(file, array.astype(float))")
    if dtype.kind not in "fiu" or dtype.itemsize > 8:
        raise FileProblem(f"{name} has elements of the type {dtype}", hint="numpy.save(file, array.astype(float))")


def as_doubles(array: Any, name: str) -> Any:
    """The same numbers as float64. Raises FileProblem for whole numbers that no double is."""
    if array.dtype.kind in "iu" and array.size and (int(array.max()) > EXACT or int(array.min()) < -EXACT):
        raise FileProblem(f"{name} has whole numbers beyond 2**53, which doubles do not hold", hint="numpy.save(file, array.astype(float))")
    doubles = array.astype(float)
    return doubles if doubles.ndim else float(doubles)


def from_npz(data: bytes, name: str, key: str | None) -> Any:
    """The array called `key` of a .npz file, or its only array."""
    with opened(data, name) as archive:
        return member(archive, chosen(keys_of(archive), name, key), name)


def arrays_of(data: bytes, name: str) -> dict[str, Any]:
    """All arrays of a .npz file by name."""
    with opened(data, name) as archive:
        return {key: member(archive, key, name) for key in keys_of(archive)}


def opened(data: bytes, name: str) -> ZipFile:
    """The archive that a .npz file is."""
    try:
        return ZipFile(BytesIO(data))
    except (BadZipFile, OSError, ValueError) as problem:
        raise unreadable(name, problem) from problem


def keys_of(archive: ZipFile) -> list[str]:
    """The names of the arrays of an archive."""
    return [entry.removesuffix(".npy") for entry in archive.namelist() if entry.endswith(".npy")]


def member(archive: ZipFile, key: str, name: str) -> Any:
    """One array of an archive."""
    entry = archive.getinfo(f"{key}.npy")
    shown = f"'{entry.filename}' in {name}"
    limited(entry.file_size, shown)
    try:
        data = archive.read(entry)
    except (BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as problem:
        raise unreadable(name, problem) from problem
    return from_npy(data, shown)


def unreadable(name: str, problem: Exception) -> FileProblem:
    """The error for an archive that is none, or is damaged."""
    return FileProblem(f"{name} is no .npz file that can be read: {problem}", hint="numpy.savez writes one")


def chosen(keys: list[str], name: str, key: str | None) -> str:
    """The key that is meant."""
    if key in keys or (key is None and len(keys) == 1):
        return key or keys[0]
    there = f"it has {', '.join(keys[:20])}" if keys else "it has none"
    if key is None:
        raise FileProblem(f"which array of {name}? {there}", hint=f"write @{name.strip(chr(39))}:{keys[0] if keys else 'name'}")
    near = nearest(key, keys)
    raise FileProblem(f"{name} has no array '{key}'", hint=f"did you mean '{near}'?" if near else there)
