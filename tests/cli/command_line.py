"""Running `witkit` as a user does, in a folder and with an environment, but in the process of the tests."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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


def witkit_with_input(stdin: bytes, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same, with `stdin` at standard input."""
    with _input(stdin):
        return witkit(*arguments, cwd=cwd)


def witkit_in_a_terminal(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The same, with what goes to standard error between what goes to standard output, as it is read in a terminal."""
    with tempfile.TemporaryFile() as both:
        code = _run(list(arguments), cwd, environment, both, both)
        return subprocess.CompletedProcess(arguments, code, _text(both), "")


def _run(command: list[str], cwd: Path, environment: dict[str, str], out: IO[bytes], err: IO[bytes]) -> int:
    from witkit.cli.group import run

    with _environment(_inherited() | environment), _folder(cwd), _output(1, out), _output(2, err):
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
def _output(number: int, file: IO[bytes]) -> Iterator[None]:
    """Descriptor `number` and Python's stream over it write to `file`."""
    name = {1: "stdout", 2: "stderr"}[number]
    stream, kept = getattr(sys, name), os.dup(number)
    stream.flush()
    os.dup2(file.fileno(), number)
    writer = io.TextIOWrapper(open(number, "wb", closefd=False), encoding="utf-8", write_through=True)  # noqa: SIM115
    setattr(sys, name, writer)
    try:
        yield
    finally:
        writer.flush()
        setattr(sys, name, stream)
        os.dup2(kept, number)
        os.close(kept)


@contextmanager
def _input(data: bytes) -> Iterator[None]:
    """Descriptor 0 and Python's stream over it read `data`."""
    stream, kept = sys.stdin, os.dup(0)
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        os.dup2(file.fileno(), 0)
    sys.stdin = io.TextIOWrapper(open(0, "rb", closefd=False), encoding="utf-8")  # noqa: SIM115
    try:
        yield
    finally:
        sys.stdin = stream
        os.dup2(kept, 0)
        os.close(kept)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8")


def package(folder: Path, text: str = CLEAN, name: str = "shop.wit") -> Path:
    """Write a package of one file and give its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
