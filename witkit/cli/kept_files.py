"""Cache generated files by all of their inputs: if nothing has changed, no WIT is read and no template is rendered.

Nothing is cached for a package if `witkit.text.inputs` does not know what it is read from, for users' templates, which
may include any file, and for other distributions' targets, whose code is not known.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from witkit._kept import DiskCache
from witkit._resources import cache_folder, marks_of_code
from witkit._version import __version__
from witkit.bindgen.common.files import GeneratedFile
from witkit.bindgen.targets import TARGETS
from witkit.text.inputs import digest_of_inputs

if TYPE_CHECKING:
    from witkit.cli.config import Generation

_CACHE: Final = DiskCache(limit=64 << 20, every=8)
_MAKERS: Final = ("text", "syntax", "wasm", "abi", "ir", "bindgen", "grammars", "templates")


def place_of(what: Generation) -> Path | None:
    """The key of a generation in the cache, or None if its inputs are not known."""
    if what.templates is not None or what.target not in TARGETS:
        return None
    inputs = digest_of_inputs(what.path)
    if inputs is None:
        return None
    made_from = sha256(_makers() + inputs)
    made_from.update(repr(replace(what, out=Path())).encode("utf-8", "surrogatepass"))
    return cache_folder() / "generated" / made_from.hexdigest()[:40]


def find(place: Path) -> list[GeneratedFile] | None:
    """The cached files, or None."""
    kept = _CACHE.get(place)
    return None if kept is None else [GeneratedFile(PurePosixPath(path), text) for path, text in json.loads(kept)]


def keep(place: Path, files: Sequence[GeneratedFile]) -> None:
    """Cache files that were generated without any findings."""
    _CACHE.put(place, json.dumps([(str(file.path), file.text) for file in files]).encode())


def _makers() -> bytes:
    """What the output depends on besides the package: versions, and the content of witkit's own files."""
    from witkit.bindgen.common.format import black_version

    return repr((__version__, sys.version_info[:3], black_version(), marks_of_code(*_MAKERS))).encode()
