"""The digest of a folder of WIT files in `deps.lock` (wit-deps)."""

from __future__ import annotations

import hashlib
from pathlib import Path

_BLOCK = 512
_FILE_MODE, _EXECUTABLE_MODE = 0o644, 0o755


def folder_sha256(folder: Path) -> str:
    """SHA-256 of the archive that wit-deps makes: `wit/NAME` for each `*.wit` file, sorted, in GNU tar format.

    Owner, group and time are zero in it. Raises OSError if a file cannot be read.
    """
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.iterdir() if p.name.endswith(".wit") and p.is_file()):
        data = path.read_bytes()
        is_executable = path.stat().st_mode & 0o100
        digest.update(_header(f"wit/{path.name}", len(data), _EXECUTABLE_MODE if is_executable else _FILE_MODE))
        digest.update(data)
        digest.update(bytes(-len(data) % _BLOCK))
    digest.update(bytes(2 * _BLOCK))
    return digest.hexdigest()


def _header(name: str, size: int, mode: int) -> bytes:
    """A tar header block. Its checksum is computed with spaces in the field of the checksum."""
    fields = [
        name.encode().ljust(100, b"\0"),
        b"%07o\0" % mode,
        b"%07o\0" % 0,
        b"%07o\0" % 0,
        b"%011o\0" % size,
        b"%011o\0" % 0,
        b" " * 8,
        b"0".ljust(101, b"\0"),
        b"ustar  \0".ljust(72, b"\0"),
        b"%07o\0" % 0,
        b"%07o\0" % 0,
    ]
    block = b"".join(fields).ljust(_BLOCK, b"\0")
    return block[:148] + b"%07o\0" % sum(block) + block[156:]
