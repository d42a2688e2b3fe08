"""Trees kept by content: a file that was read before costs neither the parser nor the import of Lark.

A tree is kept if its text had no findings, in the folder `parsed` of the user's cache. Whatever cannot be
kept, or is no longer as it was written, is read again: the cache changes what reading costs and nothing else.
"""

from __future__ import annotations

import copyreg
import io
import pickle
import sys
import zlib
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import local
from typing import Final

from witkit._collector import paused
from witkit._kept import DiskCache
from witkit._resources import cache_folder, marks_of_code
from witkit._version import __version__
from witkit.syntax import nodes
from witkit.text import Source, Span

_CACHE: Final = DiskCache(limit=64 << 20, every=32)
_LARGE: Final = 1 << 18
"""Characters. Keeping the tree of a large text takes as long as parsing it: that is done if it is read once more."""
_reading = local()


def find(source: Source) -> nodes.File | None:
    """The tree of a text, if it is kept; it refers to `source` itself."""
    data = _CACHE.get(_place(source))
    if not data:
        return None
    _reading.source = source
    try:
        with paused():
            file = pickle.loads(zlib.decompress(data))
    finally:
        del _reading.source
    assert isinstance(file, nodes.File)
    return file


def keep(file: nodes.File) -> None:
    """Keep a tree. A folder that cannot be written, or a tree too deep to be pickled, only costs time.

    Of a large text, the first call only notes that it was read.
    """
    place = _place(file.source)
    if len(file.source.text) > _LARGE and _CACHE.get(place) is None:
        _CACHE.put(place, b"")
        return
    try:
        payload = zlib.compress(_pickled(file), 1)
    except RecursionError:
        return
    _CACHE.put(place, payload)


def _place(source: Source) -> Path:
    text = source.text.encode("utf-8", "surrogatepass")
    return cache_folder() / "parsed" / sha256(maker() + text).hexdigest()[:40]


@cache
def maker() -> bytes:
    """What decides how a text becomes a tree: versions, and the very files of this package and its grammars."""
    return repr((__version__, sys.version_info[:3], marks_of_code("syntax", "grammars"))).encode()


def _source_being_read() -> Source:
    source: Source = _reading.source
    return source


def _pickled(file: nodes.File) -> bytes:
    """The tree without its text, and with spans that are made again: that is quicker than restoring their parts."""
    out = io.BytesIO()
    pickler = pickle.Pickler(out, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = {
        **copyreg.dispatch_table,
        Source: lambda _: (_source_being_read, ()),
        Span: lambda span: (Span, (span.source, span.start, span.end)),
        nodes.Comment: lambda comment: (nodes.Comment, (comment.span,)),
    }
    pickler.dump(file)
    return out.getvalue()
