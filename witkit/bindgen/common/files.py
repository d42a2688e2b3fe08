"""What generating returns: files in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True, slots=True)
class GeneratedFile:
    """One generated text file; `path` is relative to the output folder."""

    path: PurePosixPath
    text: str
