"""Packages that are known to be clean, by the content of all that a check reads: these are not even loaded.

Nothing is kept for a package if `witkit.text.inputs` does not know what it is read from, or if rules look at files
beside it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from witkit._kept import DiskCache
from witkit._resources import cache_folder, marks_of_code
from witkit._version import __version__
from witkit.checks.settings import Settings
from witkit.checks.table import LISTED
from witkit.text.inputs import digest_of_inputs

_CACHE: Final = DiskCache(limit=4 << 20, every=32)
LOOK_ELSEWHERE: Final = frozenset({"dead-link", "incomplete-readme"})
"""Rules that look at files which do not belong to the package."""
MAKERS: Final = ("text", "syntax", "wasm", "abi", "ir", "bindgen", "checks", "grammars")
"""The packages of witkit, and the folder of data, that decide what a check finds."""


def place_of(path: Path, settings: Settings, features: Sequence[str], *, all_features: bool) -> Path | None:
    """The key of a check in the cache, or None if it is not known what the check reads."""
    if settings.added or settings.against is not None:
        return None
    if any(rule.name in LOOK_ELSEWHERE for rule in settings.chosen_anywhere(LISTED)):
        return None
    inputs = digest_of_inputs(path)
    if inputs is None:
        return None
    made_from = sha256(_maker(path, settings, (sorted(features), all_features)) + inputs)
    return cache_folder() / "clean-wit" / made_from.hexdigest()[:40]


def is_known(place: Path) -> bool:
    """Whether the check that belongs to a key is known to find nothing."""
    return _CACHE.get(place) is not None


def remember(place: Path) -> None:
    """Keep that a check finds nothing."""
    _CACHE.put(place, b"")


def _maker(path: Path, settings: Settings, on: object) -> bytes:
    """What the findings depend on besides files: versions, witkit's own files, and what the check was asked for."""
    marks = marks_of_code(*MAKERS)
    # The text of a long pattern is cut in its `repr`.
    paths = [(each.pattern.pattern, each.choice) for each in settings.per_path]
    asked = (settings.preset, settings.choices, paths, settings.options, settings.target, settings.wasi)
    made = (__version__, sys.version_info[:3], marks, os.fspath(path.absolute()), on, asked)
    return repr(made).encode("utf-8", "surrogatepass")
