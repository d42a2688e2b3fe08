"""componentize-py as the tests' processes find it: what it made of the same inputs is taken from the cache.

`tests/conftest.py` puts this folder first on the path of every process. The component is the one that componentize-py
built: its inputs are the arguments and the content of the folders that they name, and its version. Why it built none
is kept as well, with all that was printed meanwhile.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import IO

from witkit._kept import DiskCache

HERE = Path(__file__).resolve().parent.parent
COMPONENTS = Path(os.environ["WITKIT_TEST_CACHE"]).resolve() / "components"
REFUSED = COMPONENTS.with_name("refused")
CACHE = DiskCache(limit=8 << 30)


def script() -> None:
    """Do what the command does, if it does not have to be done again. It prints nothing if it succeeds."""
    arguments = sys.argv[1:]
    if "componentize" not in arguments:
        _script()
        return
    key = _key(arguments)
    kept, refused, output = COMPONENTS / key, REFUSED / key, Path(arguments[arguments.index("-o") + 1])
    if component := CACHE.get(kept):
        output.write_bytes(component)
    elif reason := CACHE.get(refused):
        printed, message = json.loads(reason)
        sys.stderr.write(_with_paths(printed, arguments))
        raise AssertionError(_with_paths(message, arguments))
    else:
        _build(arguments, refused)
        CACHE.put(kept, output.read_bytes())


def _build(arguments: list[str], refused: Path) -> None:
    """Run the program itself. componentize-py raises an `AssertionError` that says why it builds nothing."""
    with tempfile.TemporaryFile() as file:
        try:
            with _printing_to(file):
                _script()
        except AssertionError as reason:
            said = [_without_paths(text, arguments) for text in (_text(file), str(reason))]
            CACHE.put(refused, json.dumps(said).encode())
            raise
        finally:
            sys.stderr.write(_text(file))


@contextmanager
def _printing_to(file: IO[bytes]) -> Iterator[None]:
    """With the descriptors of both streams of output as `file`: guests print to them."""
    before = {number: os.dup(number) for number in (1, 2)}
    for number in before:
        os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for number, copy in before.items():
            os.dup2(copy, number)
            os.close(copy)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _without_paths(text: str, arguments: list[str]) -> str:
    """The text with the numbers of arguments in place of folders, which have other names in each test."""
    for number, folder in _folders(arguments):
        text = text.replace(folder, f"<argument {number}>")
    return text


def _with_paths(text: str, arguments: list[str]) -> str:
    for number, folder in _folders(arguments):
        text = text.replace(f"<argument {number}>", folder)
    return text


def _folders(arguments: list[str]) -> list[tuple[int, str]]:
    """The arguments that are whole paths, and the current folder as the last one."""
    named = enumerate([*arguments, str(Path.cwd())])
    return sorted(((n, path) for n, path in named if Path(path).is_absolute()), key=lambda one: -len(one[1]))


def _script() -> None:
    """The program itself."""
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
