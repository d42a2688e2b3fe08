"""componentize-py as the tests' processes find it: what it made of the same inputs is taken from the cache.

`tests/conftest.py` puts this folder first on the path of every process. The component is the one that componentize-py
built: its inputs are the arguments and the content of the folders that they name, and its version.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from witkit._kept import DiskCache

HERE = Path(__file__).resolve().parent.parent
COMPONENTS = Path(os.environ["WITKIT_TEST_CACHE"]).resolve() / "components"
CACHE = DiskCache(limit=8 << 30)


def script() -> None:
    """Do what the command does, if it does not have to be done again. It prints nothing where it succeeds."""
    arguments = sys.argv[1:]
    if "componentize" not in arguments:
        _script()
        return
    kept, output = COMPONENTS / _key(arguments), Path(arguments[arguments.index("-o") + 1])
    if component := CACHE.get(kept):
        output.write_bytes(component)
        return
    _script()
    CACHE.put(kept, output.read_bytes())


def _script() -> None:
    """The program itself; it ends the process if it fails."""
    sys.path[:] = [folder for folder in sys.path if Path(folder).resolve() != HERE]
    del sys.modules[__name__]
    importlib.import_module(__name__).script()


def _key(arguments: list[str]) -> str:
    """A name for the inputs: paths count by what is there."""
    found = sha256(version("componentize-py").encode())
    for before, argument in zip(["", *arguments], arguments, strict=False):
        if before != "-o":
            found.update(b"\0" + (_content(Path(argument)) if before in ("-d", "-p") else argument.encode()))
    if "-p" not in arguments:
        found.update(_content(Path()))
    return found.hexdigest()


def _content(path: Path) -> bytes:
    found = sha256()
    for file in _files(path):
        found.update(f"{file.relative_to(path)}\0".encode() + sha256(file.read_bytes()).digest())
    return found.digest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for file in sorted(path.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file
