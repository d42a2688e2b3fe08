"""Open the folder that a backend stores data in."""

from __future__ import annotations

from pathlib import Path

from witkit.text.files import way_out

from .drafts import UncommittedFile, flush_folder, sweep
from .errors import cannot_open


def opened_folder(path: Path, what: str) -> Path:
    """The absolute path of a folder that exists, is writable, and has no drafts of dead writers.

    It is created if necessary. `what` says in messages what the folder is for. Raises WitkitError (WIT0802).
    """
    root = path.absolute()
    try:
        root.mkdir(parents=True, exist_ok=True)
        flush_folder(root.parent)
        UncommittedFile(root).discard()
        sweep(root)
    except (OSError, ValueError) as failure:
        help = "use another folder, or make this one writable"
        if isinstance(failure, FileExistsError):
            reason = "it is a file" if path.is_file() else "it is not a folder"
        else:
            reason = getattr(failure, "strerror", None) or str(failure)
            help = way_out(failure, help) if isinstance(failure, OSError) else help
        raise cannot_open(f"the folder for {what} cannot be used: {reason}", help, str(path)) from failure
    return root
