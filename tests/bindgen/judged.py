"""What a slow tool found nothing in, by content: unchanged text is not judged again where the tests' cache is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from tests.conftest import KEPT


class Judged:
    """The texts that one tool accepted. `circumstances` is what else its judgement rests on: its version and
    settings, the sources that the text imports."""

    def __init__(self, tool: str, circumstances: Iterable[bytes]) -> None:
        self._folder = KEPT / "judged" / tool
        self._folder.mkdir(parents=True, exist_ok=True)
        self._base = sha256()
        for one in circumstances:
            self._base.update(sha256(one).digest())

    def unknown(self, files: Sequence[Path]) -> list[Path]:
        """The files that were not accepted before, as they are and beside what is in their folders."""
        return [file for file in files if not self._mark(file).exists()]

    def accept(self, files: Iterable[Path]) -> None:
        """Remember that the tool found nothing in these."""
        for file in files:
            self._mark(file).touch()

    def _mark(self, file: Path) -> Path:
        key = self._base.copy()
        for neighbour in sorted(file.parent.glob("*.py")):
            key.update(neighbour.name.encode() + sha256(neighbour.read_bytes()).digest())
        key.update(file.name.encode())
        return self._folder / key.hexdigest()
