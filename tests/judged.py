"""What a slow tool says of files: in what is unchanged since it found nothing, it is not asked again.

What it found nothing in, or what a test expects it to find, is kept by content, together with the versions of the tools
and what the tool sees of witkit: nothing, the signatures in the modules that are imported, or all that the imports run.
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
from tests.seen import signatures, write

_TOOLS = (
    *("black", "check-jsonschema", "import-linter", "kubernetes-validate", "mypy", "pre-commit", "pyright", "pytest"),
    *("ruff", "wasmtime"),
)
_READ_ONE_FILE = {"black", "ruff"}
_CHECK_TYPES = {"mypy", "pyright"}
_NOT_RUN = {
    *("backends", "bindgen", "checks", "cli", "componentize", "guest", "host", "interfaces", "ir", "program", "syntax"),
    *("pytest_plugin.py", "upgrade"),
}
"""Parts of witkit that generated code does not import: what it is imported with can run anything else."""
_READ = {".py", ".pyi", ".ini", ".toml", ".json"}
_VARIABLES = ("MYPYPATH", "PYTHONWARNINGS")


def judged(
    *command: str | Path, cwd: Path, env: dict[str, str] | None = None, findings: bool = False
) -> subprocess.CompletedProcess[str]:
    """What a command says that only looks at the files in `cwd` and at witkit: a type checker, an import.

    With `findings`, it is expected to find something, which is kept as well.
    """
    expected = 1 if findings else 0
    key = sha256(_versions() + bytes([expected]))
    variables = env or os.environ
    for word in (*map(str, command), *(variables.get(name, "") for name in _VARIABLES)):
        key.update(_anywhere(word.replace(str(cwd), ".").encode()) + b"\0")
    texts = {path: _anywhere(path.read_bytes()) for path in _files(cwd)}
    for path, text in texts.items():
        key.update(f"{path.relative_to(cwd)}\0".encode() + sha256(text).digest())
    key.update(_circumstances({Path(word).name for word in command}, texts.values()))
    kept = _folder("said") / key.hexdigest()
    if kept.exists():
        return subprocess.CompletedProcess(command, expected, *json.loads(kept.read_text(encoding="utf-8")))
    with_cache = {**variables, "MYPY_CACHE_DIR": str(_folder("mypy") / os.environ.get("PYTEST_XDIST_WORKER", "main"))}
    done = subprocess.run(command, cwd=cwd, env=with_cache, capture_output=True, text=True, check=False)
    if done.returncode == expected:
        write(kept, json.dumps([done.stdout, done.stderr]))
    return done


def complaints(*arguments: str, about: Iterable[Path]) -> str:
    """What Python says if it is started in the repository and fails, and nothing if it does not. It is not asked again
    about the same files: what it says must depend on nothing else."""
    key = sha256(_versions() + "\0".join(arguments).encode())
    for file in about:
        key.update(f"{file.relative_to(REPOSITORY)}\0".encode() + sha256(file.read_bytes()).digest())
    accepted = _folder("repository") / key.hexdigest()
    if accepted.exists():
        return ""
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        return done.stdout + done.stderr or f"it ended with {done.returncode}"
    accepted.touch()
    return ""


class Judged:
    """The texts that one tool accepted, each by itself. `settings` is what else its judgement rests on."""

    def __init__(self, tool: str, settings: bytes = b"") -> None:
        self._tool = tool
        self._folder = _folder(tool)
        self._base = sha256(_versions() + settings)

    def unknown(self, files: Sequence[Path]) -> list[Path]:
        """The files that were not accepted before, as they are and beside what is in their folders."""
        return [file for file in files if not self._mark(file).exists()]

    def accept(self, files: Iterable[Path]) -> None:
        """Remember that the tool found nothing in these."""
        for file in files:
            self._mark(file).touch()

    def _mark(self, file: Path) -> Path:
        key = self._base.copy()
        texts = {path.name: path.read_bytes() for path in sorted(file.parent.glob("*.py"))}
        for name, text in texts.items():
            key.update(name.encode() + sha256(text).digest())
        key.update(file.name.encode() + _circumstances({self._tool}, texts.values()))
        return self._folder / key.hexdigest()


def _anywhere(text: bytes) -> bytes:
    """The text as it would be in any other checkout."""
    return text.replace(str(REPOSITORY).encode(), b"<repository>")


def _circumstances(words: set[str], texts: Iterable[bytes]) -> bytes:
    """What the tool that the words name sees of witkit in modules with these texts."""
    if words & _READ_ONE_FILE:
        return b""
    return signatures(texts) if words & _CHECK_TYPES else _what_runs()


@cache
def _versions() -> bytes:
    return " ".join([sys.version, *map(version, _TOOLS)]).encode()


@cache
def _what_runs() -> bytes:
    found = sha256()
    for path in sorted((REPOSITORY / "witkit").rglob("*.py")):
        if path.relative_to(REPOSITORY / "witkit").parts[0] not in _NOT_RUN:
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
