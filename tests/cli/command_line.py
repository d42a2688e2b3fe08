"""Running `witkit` as a user does, in a folder and with an environment, but in the process of the tests."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

CLEAN = """package test:shop@0.1.0;

interface prices {
  /// What an item costs, in cents.
  price: func(item: string) -> option<u32>;
}

world shop {
  import prices;
  export order: func(item: string, quantity: u32) -> result<u32, string>;
}
"""

# Two independent mistakes.
BROKEN = """package test:shop@0.1.0;

interface prices {
  enum currency { euro, pound }
  price: func(item: string) -> option<curency>;
  enum currency { dollar }
}
"""


def witkit(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command line in this process; colours are off unless `environment` asks for them.

    The output is caught from the descriptors, because components and tools write to those.
    """
    command = [str(argument) for argument in arguments]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        code = _run(command, cwd, environment, out, err)
        return subprocess.CompletedProcess(command, code, _text(out), _text(err))


def witkit_with_input(
    stdin: bytes, *arguments: str, cwd: Path, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    """The same, with `stdin` at standard input. Python's own streams have the encoding. What is not UTF-8 is replaced
    in the result."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(stdin)
        given.seek(0)
        with _input(given, encoding):
            code = _run(list(arguments), cwd, environment, out, err, encoding)
        return subprocess.CompletedProcess(arguments, code, _text(out, "replace"), _text(err, "replace"))


def witkit_at_a_terminal(
    *arguments: str, cwd: Path, typed: bytes = b"", err: IO[bytes] | None = None, **environment: str
) -> tuple[int, str]:
    """The exit code, and what a terminal shows in which something has been typed. Errors go there or to `err`."""
    terminal, end = os.openpty()
    os.write(terminal, typed)
    said: list[bytes] = []
    reader = threading.Thread(target=lambda: said.extend(_shown(terminal)))
    reader.start()
    try:
        with os.fdopen(end, "r+b", buffering=0) as window, _input(window):
            code = _run(list(arguments), cwd, environment, window, err or window)
    finally:
        reader.join()
        os.close(terminal)
    return code, b"".join(said).decode()


def _shown(terminal: int) -> Iterator[bytes]:
    """What is written to a terminal until its other end is closed, which Linux reports as an error."""
    with suppress(OSError):
        while part := os.read(terminal, 4096):
            yield part


def witkit_in_a_terminal(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same, with what goes to standard error between what goes to standard output, as it is read in a terminal."""
    with tempfile.TemporaryFile() as both:
        code = _run(list(arguments), cwd, environment, both, both)
        return subprocess.CompletedProcess(arguments, code, _text(both), "")


def _run(
    command: list[str],
    cwd: Path,
    environment: dict[str, str],
    out: IO[bytes],
    err: IO[bytes],
    encoding: str = "utf-8",
) -> int:
    from witkit.cli.group import run

    streams = _output(1, out, encoding), _output(2, err, encoding)
    with _environment(_inherited() | environment), _folder(cwd), streams[0], streams[1]:
        return run(command)


def _inherited() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if "COLOR" not in k and not k.startswith("GITHUB_")}


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _folder(path: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(path)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _output(number: int, file: IO[bytes], encoding: str) -> Iterator[None]:
    """Descriptor `number` and Python's stream over it write to `file`."""
    name = {1: "stdout", 2: "stderr"}[number]
    stream, kept = getattr(sys, name), os.dup(number)
    stream.flush()
    os.dup2(file.fileno(), number)
    writer = io.TextIOWrapper(open(number, "wb", closefd=False), encoding=encoding, write_through=True)  # noqa: SIM115
    setattr(sys, name, writer)
    try:
        yield
    finally:
        writer.flush()
        setattr(sys, name, stream)
        os.dup2(kept, number)
        os.close(kept)


@contextmanager
def _input(file: IO[bytes], encoding: str = "utf-8") -> Iterator[None]:
    """Descriptor 0 and Python's stream over it read `file`."""
    stream, kept = sys.stdin, os.dup(0)
    os.dup2(file.fileno(), 0)
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), encoding=encoding)  # noqa: SIM115
    try:
        yield
    finally:
        sys.stdin = stream
        os.dup2(kept, 0)
        os.close(kept)


def _text(file: IO[bytes], errors: str = "strict") -> str:
    file.seek(0)
    return file.read().decode("utf-8", errors)


def package(folder: Path, text: str = CLEAN, name: str = "shop.wit") -> Path:
    """Write a package of one file and give its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
