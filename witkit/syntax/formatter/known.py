"""Texts that are known to be formatted, by their content: they cost neither the parser nor the import of Lark."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from witkit._kept import DiskCache
from witkit._resources import cache_folder, marks_of_code
from witkit._version import __version__
from witkit.syntax.formatter.options import FormatOptions

_CACHE: Final = DiskCache(limit=4 << 20, every=32)


def is_known(text: str, options: FormatOptions) -> bool:
    """Whether formatting the text is known to change nothing."""
    return _CACHE.get(_place(text, options)) is not None


def remember(text: str, options: FormatOptions) -> None:
    """Keep that formatting the text changes nothing."""
    _CACHE.put(_place(text, options), b"")


def _place(text: str, options: FormatOptions) -> Path:
    key = f"{options}\0{text}".encode("utf-8", "surrogatepass")
    return cache_folder() / "formatted-wit" / sha256(_maker() + key).hexdigest()[:40]


@cache
def _maker() -> bytes:
    """What decides how a text is formatted: versions, and witkit's own files for that."""
    return repr((__version__, sys.version_info[:3], marks_of_code("text", "syntax", "grammars"))).encode()
