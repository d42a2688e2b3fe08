"""Compiled templates, kept by content in the user's cache folder. Imported with Jinja, when something is rendered."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from jinja2.bccache import Bucket, BytecodeCache

from witkit._kept import DiskCache
from witkit._resources import cache_folder

_CACHE: Final = DiskCache(limit=8 << 20, every=8)


class CompiledTemplates(BytecodeCache):
    """What Jinja asks for a template before it compiles one, and gives one that it has compiled."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if its template is kept."""
        data = _CACHE.get(_place(bucket))
        if data is not None:
            bucket.bytecode_from_string(data)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what the bucket holds."""
        _CACHE.put(_place(bucket), bucket.bytecode_to_string())


def _place(bucket: Bucket) -> Path:
    """A file for each template and text: Jinja's key is the template's path, its checksum that of the text."""
    return cache_folder() / "templates" / sha256(f"{bucket.key} {bucket.checksum}".encode()).hexdigest()[:40]
