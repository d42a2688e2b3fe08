"""What a slow tool says of files: in what is unchanged since it found nothing, it is not asked again.

What it found nothing in is kept by content, together with the versions of the tools and the part of witkit that
generated code imports.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from tests.conftest import KEPT, REPOSITORY

_TOOLS = ("black", "mypy", "pyright", "ruff", "pytest", "wasmtime")
_NOT_IMPORTED = {"bindgen", "checks", "cli", "componentize", "ir", "syntax", "upgrade"}
_READ = {".py", ".pyi", ".ini", ".toml", ".json"}
_VARIABLES = ("MYPYPATH", "PYTHONWARNINGS")


def judged(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """What a command says that only looks at the files in `cwd` and at witkit: a type checker, an import."""
    key = sha256(_circumstances())
    variables = env or os.environ
    for word in (*map(str, command), *(variables.get(name, "") for name in _VARIABLES)):
        key.update(word.replace(str(cwd), ".").encode() + b"\0")
    for path in _files(cwd):
        key.update(f"{path.relative_to(cwd)}\0".encode() + sha256(path.read_bytes()).digest())
    kept = _folder("said") / key.hexdigest()
    if kept.exists():
        return subprocess.CompletedProcess(command, 0, *json.loads(kept.read_text(encoding="utf-8")))
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        _write(kept, json.dumps([done.stdout, done.stderr]))
    return done


class Judged:
    """The texts that one tool accepted, each by itself. `settings` is what else its judgement rests on.

    A tool that does not look at the `imports` of a text asks for nothing but its own version.
    """

    def __init__(self, tool: str, settings: bytes = b"", *, imports: bool = True) -> None:
        self._folder = _folder(tool)
        self._base = sha256((_circumstances() if imports else version(tool).encode()) + settings)

    def unknown(self, files: Sequence[Path]) -> list[Path]:
        """The files that were not accepted before, as they are and beside what is in their folders."""
        return [file for file in files if not self._mark(file).exists()]

    def accept(self, files: Iterable[Path]) -> None:
        """Remember that the tool found nothing in these."""
        for file in files:
            self._mark(file).touch()

    def _mark(self, file: Path) -> Path:
        key = self._base.copy()
        for neighbour in sorted(file.parent.glob("*.py")):
            key.update(neighbour.name.encode() + sha256(neighbour.read_bytes()).digest())
        key.update(file.name.encode())
        return self._folder / key.hexdigest()


@cache
def _circumstances() -> bytes:
    found = sha256(" ".join([sys.version, *map(version, _TOOLS)]).encode())
    for path in sorted((REPOSITORY / "witkit").rglob("*.py")):
        if path.relative_to(REPOSITORY / "witkit").parts[0] not in _NOT_IMPORTED:
            found.update(path.read_bytes())
    return found.digest()


def _folder(name: str) -> Path:
    folder = KEPT / "judged" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in _READ and path.is_file() and not hidden:
            yield path


def _write(path: Path, text: str) -> None:
    """In one step: another worker may write the same."""
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
