"""Cache generated files by all of their inputs: if nothing has changed, no WIT is read and no template is rendered.

The inputs of a package are known if it is one file, or a folder with its dependencies in `deps/`. A `deps.toml` may
refer to any folder, users' templates may include any file, and the code of other distributions' targets is not known:
nothing is cached for these.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from witkit._kept import DiskCache
from witkit._resources import cache_folder, marks_of_code
from witkit._version import __version__
from witkit.bindgen.common.files import GeneratedFile
from witkit.bindgen.targets import TARGETS

if TYPE_CHECKING:
    from witkit.cli.config import Generation

_CACHE: Final = DiskCache(limit=64 << 20, every=8)
_READ: Final = frozenset({".wit", ".wasm", ".wat"})
"""The suffixes of files that may be part of a package."""
_MAKERS: Final = ("text", "syntax", "wasm", "ir", "bindgen", "grammars", "templates")


def place_of(what: Generation) -> Path | None:
    """The key of a generation in the cache, or None if its inputs are not known."""
    if what.templates is not None or what.target not in TARGETS:
        return None
    made_from = sha256(_makers())
    made_from.update(repr(replace(what, out=Path())).encode("utf-8", "surrogatepass"))
    try:
        for path in _package(what.path):
            if not path.is_file():
                # A pipe, whose content could be read only once, or a link to nothing.
                return None
            content = path.read_bytes()
            made_from.update(f"\0{path.as_posix()}\0{len(content)}\0".encode("utf-8", "surrogatepass"))
            made_from.update(content)
    except OSError:
        # Loading the package reports what is wrong.
        return None
    return cache_folder() / "generated" / made_from.hexdigest()[:40]


def find(place: Path) -> list[GeneratedFile] | None:
    """The cached files, or None."""
    kept = _CACHE.get(place)
    return None if kept is None else [GeneratedFile(PurePosixPath(path), text) for path, text in json.loads(kept)]


def keep(place: Path, files: Sequence[GeneratedFile]) -> None:
    """Cache files that were generated without any findings."""
    _CACHE.put(place, json.dumps([(str(file.path), file.text) for file in files]).encode())


def _package(path: Path) -> Iterator[Path]:
    """The input files of the package at `path`. Raises OSError if it may have others."""
    if path.is_file():
        yield path
        return
    if (path / "deps.toml").exists():
        raise FileExistsError
    deps = path / "deps"
    dependencies = sorted(deps.iterdir()) if deps.is_dir() else []
    for folder in (path, *(entry for entry in dependencies if entry.is_dir())):
        yield from (entry for entry in sorted(folder.iterdir()) if entry.suffix in _READ and not entry.is_dir())
    yield from (entry for entry in dependencies if entry.suffix in _READ and not entry.is_dir())


def _makers() -> bytes:
    """What the output depends on besides the package: versions, and the content of witkit's own files."""
    from witkit.bindgen.common.format import black_version

    return repr((__version__, sys.version_info[:3], black_version(), marks_of_code(*_MAKERS))).encode()
