"""The error for a file that cannot be written, for all commands that write files."""

from __future__ import annotations

from pathlib import Path

from witkit.text.diagnostic import WitkitError, error

NOT_WRITABLE = "WIT0908"


def not_writable(path: Path, refused: OSError) -> WitkitError:
    """The error for a file that the system refuses to write. It ends a command with exit code 2."""
    reason = (refused.strerror or str(refused)).lower()
    return WitkitError([error(NOT_WRITABLE, f"`{path}` cannot be written: {reason}", file=str(path))])
