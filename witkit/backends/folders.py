"""Folders that a backend keeps data in, opened with care."""

from __future__ import annotations

from pathlib import Path

from .base import cannot_open
from .drafts import Draft, flush_folder, sweep


def opened_folder(path: Path, what: str) -> Path:
    """The folder as an absolute path, created if it is missing, writable, and free of what dead writers left.

    `what` says in messages what the folder is for. Raises WitkitError (WIT0802) if it cannot be used.
    """
    root = path.absolute()
    try:
        root.mkdir(parents=True, exist_ok=True)
        flush_folder(root.parent)
        Draft(root).discard()
        sweep(root)
    except (OSError, ValueError) as failure:
        reason = "it is a file" if path.is_file() else getattr(failure, "strerror", None) or str(failure)
        raise cannot_open(
            f"the folder for {what} cannot be used: {reason}",
            "give another folder, or make this one writable",
            str(path),
        ) from failure
    return root
