"""Everything that the host target makes of the corpus, written once for all tests and test processes."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from tests.bindgen.worlds import everywhere
from witkit.bindgen import GeneratedFile, generate


@dataclass(frozen=True, slots=True)
class Tree:
    """Generated packages: `folder/generated/wNNN/…`; `distinct` are files that differ in more than
    the header and the versions of packages."""

    folder: Path

    @property
    def packages(self) -> list[Path]:
        return sorted(path for path in (self.folder / "generated").iterdir() if path.is_dir())

    @property
    def modules(self) -> list[Path]:
        return sorted((self.folder / "generated").rglob("*.py"))

    @property
    def distinct(self) -> list[Path]:
        return list({_shape(path): path for path in reversed(self.modules)}.values())


def _shape(path: Path) -> bytes:
    body = path.read_bytes().split(b"\n", 2)[-1]
    return sha256(re.sub(rb"@\d[\w.+-]*", b"@", body)).digest()


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The host packages of all our worlds, and of those in the groups codegen and real, equal ones once."""
    folder = _shared(tmp_path_factory) / "host-tree"
    done = folder / "done"
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(done)
        return Tree(folder)
    try:
        _write_all(folder / "generated")
    except BaseException:
        shutil.rmtree(folder)  # Otherwise nobody could try again: all would wait.
        raise
    done.touch()
    return Tree(folder)


def _shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that the processes of one pytest-xdist run have in common."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base


def _wait_for(path: Path, seconds: int = 600) -> None:
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            pytest.fail("the process that generates the packages did not finish")
        time.sleep(0.2)


def _write_all(folder: Path) -> None:
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Host packages of the corpus."""\n', encoding="utf-8")
    for number, files in enumerate(_distinct_packages()):
        package = folder / f"w{number:03}"
        package.mkdir()
        for file in files:
            (package / file.path.name).write_text(file.text, encoding="utf-8")


def _distinct_packages() -> Iterator[list[GeneratedFile]]:
    seen = set()
    for one in everywhere("codegen", "real"):
        files = generate(one.world, "host", package="p")
        key = tuple((file.path, file.text) for file in files)
        if key not in seen:
            seen.add(key)
            yield files
