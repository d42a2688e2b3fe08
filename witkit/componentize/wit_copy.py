"""Copy a WIT package, with its dependencies, to one self-contained folder.

componentize-py reads such a folder, because it does not support `deps.toml`, and new projects begin with one.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from witkit.ir import Loaded
from witkit.ir.load.files import PackageFolder
from witkit.ir.show.wit import package_to_wit, to_wit
from witkit.syntax import read


def self_contained(loaded: Loaded) -> dict[str, str]:
    """The text of each file by its path in the folder, with dependencies in `deps/`.

    The content of the package's own `deps` keeps its names. A dependency from `deps.toml` gets a folder with the name
    of its package. Line ends are as on disk. Binary packages are written as text.
    """
    resolve = loaded.resolve
    if not loaded.folders:
        return {"root.wit": to_wit(resolve, loaded.written)} if resolve is not None else {}
    own, *dependencies = loaded.folders
    texts = {Path(source.name).name: source.text for source in own.sources}
    vendored = os.path.normpath(Path(own.path, "deps"))
    taken: set[str] = set()
    for folder in dependencies:
        parent, name = os.path.split(folder.path)
        if parent != vendored:
            name = _free(_package_name(folder), taken)
        taken.add(name)
        for source in folder.sources:
            is_file = source.name == folder.path
            texts[f"deps/{name}" if is_file else f"deps/{name}/{Path(source.name).name}"] = source.text
    for package in resolve.packages if resolve is not None else ():
        if package.span is None:
            name = _free(f"{package.name.namespace}-{package.name.name}", taken)
            taken.add(name)
            texts[f"deps/{name}.wit"] = package_to_wit(package)
    return texts


def write(texts: Mapping[str, str], to: Path) -> Path:
    """Write the files below the folder `to`. Returns the folder."""
    for name, text in texts.items():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        (to / name).write_text(text, encoding="utf-8", newline="")
    return to


def _package_name(folder: PackageFolder) -> str:
    headers = (read(source).file.package for source in folder.sources)
    name = next((header.name for header in headers if header is not None), None)
    return f"{name.namespace.name}-{name.name.name}" if name else Path(folder.path).name


def _free(name: str, taken: Collection[str]) -> str:
    """A unique folder name: two versions of one package have two folders."""
    number = 2
    wanted = name
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
