"""Loading a function of the user's: imports the module or the file, and follows the names to it. Knows nothing of how it is called.

Modules are found as `python -m` finds them, the folder first. What the code prints when it is imported goes to standard error.
"""

from __future__ import annotations

import importlib.util
import inspect
import pkgutil
import sys
from dataclasses import replace
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any
from zlib import crc32

from gradcli.errors import TargetProblem, nearest
from gradcli.files import beside
from gradcli.targets.python.addresses import Address, address
from gradcli.targets.python.contained import contained
from gradcli.targets.python.faults import is_library, problem


def load(text: str, folder: Path, what: str = "--python") -> Any:
    """The function that a text such as `losses:mse` names. Raises UsageError and TargetProblem."""
    place = address(text, folder, what)
    return contained(lambda: followed(of_file(place) if place.file else of_name(place, folder), place))


def of_file(place: Address) -> ModuleType:
    """The module in a file, as when Python runs the file: its folder is searched for what it imports. One of a package is a part of it."""
    assert place.file is not None
    file = place.file.resolve()
    if not file.is_file():
        raise TargetProblem(f"{place.text}: there is no file '{place.home}'", nearest_file(place, file))
    for module in [module for name, module in sys.modules.items() if name != "__main__"]:
        if str(getattr(module, "__file__", "")).endswith(file.name) and origin(module) == file:
            return module
    if (file.parent / "__init__.py").exists():
        return of_name(replace(place, module=".".join(parts_of_package(file))), package_folder(file))
    search(file.parent)
    name = place.module if place.module not in sys.modules else f"{place.module}_{crc32(str(file).encode()):08x}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        del sys.modules[name]
        raise refused(place, fault) from fault
    return module


def package_folder(file: Path) -> Path:
    """The folder in which the outermost package of a file lies."""
    return next(folder for folder in file.parents if not (folder / "__init__.py").exists())


def parts_of_package(file: Path) -> tuple[str, ...]:
    """The names that lead from that folder to the module in the file."""
    return file.relative_to(package_folder(file)).with_suffix("").parts


def nearest_file(place: Address, file: Path) -> str:
    """What to write instead of a file that does not exist."""
    near = nearest(file.stem, beside(str(file.parent), ".py"))
    before = place.home[: len(place.home) - len(file.name)]
    return f"did you mean '{before}{near}.py:{'.'.join(place.names)}'?" if near else f"the folder is {file.parent}"


def of_name(place: Address, folder: Path) -> ModuleType:
    """The module of a name."""
    search(folder)
    try:
        return importlib.import_module(place.module)
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        absent = fault.name if isinstance(fault, ModuleNotFoundError) else None
        if absent and (place.module + ".").startswith(absent + "."):
            raise missing(place, absent, folder) from fault
        raise refused(place, fault) from fault


def search(folder: Path) -> None:
    """Lets Python look for modules in a folder before it looks elsewhere.

    Modules of the user's that were loaded from other folders are forgotten where this one has others of their names, as the suites of two
    folders may. Libraries stay loaded.
    """
    path = str(folder.resolve())
    if path in sys.path:
        sys.path.remove(path)
    sys.path.insert(0, path)
    importlib.invalidate_caches()
    for name in [found.name for found in pkgutil.iter_modules([path]) if found.name in sys.modules]:
        loaded, here = origin(sys.modules[name]), PathFinder.find_spec(name, [path])
        if loaded and here and here.origin and loaded != Path(here.origin).resolve() and not is_library(str(loaded)):
            for part in [part for part in sys.modules if (part + ".").startswith(name + ".")]:
                del sys.modules[part]


def origin(module: Any) -> Path | None:
    """The file of a loaded module."""
    try:
        return Path(module.__file__).resolve()
    except (AttributeError, TypeError, OSError):
        return None


def missing(place: Address, name: str, folder: Path) -> TargetProblem:
    """The error for a module that does not exist, with the nearest one that does."""
    parent, _, last = name.rpartition(".")
    paths = getattr(sys.modules.get(parent), "__path__", []) if parent else [str(folder), *sys.path]
    near = nearest(last, {found.name for found in pkgutil.iter_modules(list(paths))})
    if parent and not hasattr(sys.modules.get(parent), "__path__"):
        return TargetProblem(f"{place.text}: '{parent}' is a module, not a package: it has no '{last}' to import", f"write {parent}:{last}")
    if near:
        instead = place.module.replace(name, f"{parent}.{near}" if parent else near, 1)
        return TargetProblem(f"{place.text}: there is no module '{name}'", f"did you mean '{instead}:{'.'.join(place.names)}'?")
    return TargetProblem(f"{place.text}: there is no module '{name}'", f"modules are looked for in {folder.resolve()} and in {sys.prefix}")


def refused(place: Address, fault: BaseException) -> TargetProblem:
    """The error for a module that can't be imported."""
    again = f'python -c "import {place.module}"' if place.file is None else f"python {place.home}"
    hint = f"{again} shows the whole traceback"
    if isinstance(fault, ModuleNotFoundError) and fault.name:
        hint = f"the Python that runs gradcli, {sys.prefix}, has no '{fault.name}': install it there"
    elif isinstance(fault, ImportError) and "relative import" in str(fault):
        hint = "a package has a file __init__.py in its folder"
    return problem(f"importing '{place.home}'", fault, hint=hint)


def followed(module: ModuleType, place: Address) -> Any:
    """The function that the names lead to. Raises TargetProblem where one leads nowhere, or to what can't be called with numbers."""
    found: Any = module
    for i, name in enumerate(place.names):
        owner, found = found, getattr(found, name, None)
        if found is None:
            raise no_such(owner, place, i)
    if not callable(found):
        raise TargetProblem(f"{place.text} is {kind_of(found)}, no function", offer(found if isinstance(found, ModuleType) else owner))
    if inspect.isclass(owner) and next(iter(parameters_of(found)), "") == "self":
        raise TargetProblem(f"{place.text} is a method without its object", f"write {place.home}:OBJECT.{place.names[-1]}")
    return found


def no_such(owner: Any, place: Address, i: int) -> TargetProblem:
    """The error for the i-th name, which its owner does not have."""
    before, name = place.names[:i], place.names[i]
    if hasattr(owner, name):
        return TargetProblem(f"{place.text} is None, no function", offer(owner))
    near = nearest(name, functions_of(owner))
    hint = f"did you mean '{place.home}:{'.'.join((*before, near))}'?" if near else offer(owner)
    return TargetProblem(f"'{'.'.join(before) or place.home}' has no function '{name}'", hint)


def offer(owner: Any) -> str:
    """What an owner has instead."""
    names = functions_of(owner)
    return f"its functions are: {', '.join(names[:8])}{', …' if len(names) > 8 else ''}" if names else "it has no function at all"


def functions_of(owner: Any) -> list[str]:
    """The names of what can be called in a module or an object: its own, or else what it imported."""
    names = [name for name in dir(owner) if not name.startswith("_") and callable(getattr(owner, name, None))]
    home = getattr(owner, "__name__", "")
    return [name for name in names if getattr(getattr(owner, name), "__module__", None) == home] or names


def parameters_of(function: Any) -> list[str]:
    """The names of a function's parameters, [] where it does not tell."""
    try:
        return list(inspect.signature(function).parameters)
    except (ValueError, TypeError):
        return []


def kind_of(thing: Any) -> str:
    """What a thing is, in words."""
    return "a module" if isinstance(thing, ModuleType) else f"of type {type(thing).__name__}"
