"""Folders that a provider keeps data in: opened with care, changed so that nothing acknowledged is lost."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from .base import cannot_open

TEMPORARY = ".tmp-"
ABANDONED_AFTER = 3600.0
"""Seconds after which a temporary file belongs to a writer that died."""


def opened_folder(path: Path, what: str) -> Path:
    """The folder as an absolute path, made where it is missing, writable, and free of what dead writers left.

    `what` says in messages what the folder is for. Raises WitkitError (WIT0802) where it cannot be used.
    """
    root = path.absolute()
    try:
        root.mkdir(parents=True, exist_ok=True)
        flush_folder(root.parent)
        probe = temporary(root)
        probe.touch(exist_ok=False)
        probe.unlink()
        _sweep(root)
    except (OSError, ValueError) as failure:
        reason = "it is a file" if path.is_file() else getattr(failure, "strerror", None) or str(failure)
        raise cannot_open(
            f"the folder for {what} cannot be used: {reason}",
            "give another folder, or make this one writable",
            str(path),
        ) from failure
    return root


def temporary(root: Path) -> Path:
    """A name for a file that is being written, below `root`."""
    return root / f"{TEMPORARY}{os.getpid()}-{secrets.token_hex(8)}"


def replace(root: Path, file: Path, content: bytes) -> None:
    """Give a file this content, durably, and so that a reader sees the old content or the new one."""
    written = temporary(root)
    try:
        with written.open("xb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        written.replace(file)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    flush_folder(file.parent)


def flush_folder(folder: Path) -> None:
    """Have the folder's names on disk. Windows has no such call and needs none: its moves are journalled."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(root: Path) -> None:
    now = time.time()
    for file in root.glob(f"{TEMPORARY}*"):
        try:
            if now - file.stat().st_mtime > ABANDONED_AFTER:
                file.unlink()
        except FileNotFoundError:
            continue
