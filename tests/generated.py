"""Generated files, put where a test can import them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from witkit.bindgen import GeneratedFile


def write(files: Iterable[GeneratedFile], folder: Path) -> None:
    """Write each file at its path below the folder."""
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
