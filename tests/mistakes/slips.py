"""The slips of `slips/*.md`: what is written, the one finding it gets, and what the writer should have written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from witkit.ir import load
from witkit.text import Diagnostic, Fix

SLIPS = Path(__file__).resolve().parent / "slips"
_SLIP = re.compile(r"^## (.+)\n\n```wit\n([\s\S]*?)```\n\n((?:>.*\n)+)(?:\n```wit\n([\s\S]*?)```\n)?", re.MULTILINE)


@dataclass(frozen=True)
class Slip:
    """`finding` is `line:column message` and, on a line of its own, the help.

    `corrected` is empty if the finding leaves something to the writer: a name, or which of several ways to go.
    """

    origin: str
    title: str
    text: str
    finding: str
    corrected: str

    def __str__(self) -> str:
        return f"{self.origin}: {self.title}"


def read() -> list[Slip]:
    """All slips; every heading of the pages is one."""
    found = []
    for page in sorted(SLIPS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        slips = [_slip(page.stem, *match.groups(default="")) for match in _SLIP.finditer(text)]
        assert len(slips) == text.count("\n## "), f"{page.name} has a slip that is laid out in another way"
        found += slips
    return found


def _slip(origin: str, title: str, text: str, finding: str, corrected: str) -> Slip:
    said = "\n".join(line for quoted in finding.splitlines() if (line := quoted.removeprefix(">").strip()))
    return Slip(origin, title, text, said, corrected)


def findings(text: str, folder: Path) -> tuple[Diagnostic, ...]:
    """What is said of a text. One without a package has its header in another file."""
    folder.mkdir(exist_ok=True)
    (folder / "slip.wit").write_text(text, encoding="utf-8")
    header = folder / "package.wit"
    header.unlink(missing_ok=True)
    if not any(word in text for word in ("package", "module")):
        header.write_text("package example:slips;\n", encoding="utf-8")
    return load(folder).diagnostics


def shown(found: Diagnostic) -> str:
    """A finding as the pages show it."""
    assert found.primary is not None
    line, column = found.primary.source.position(found.primary.start)
    return f"{line}:{column} {found.message}" + (f"\n{found.help}" if found.help else "")


def applied(text: str, fix: Fix) -> str:
    """The text after a fix."""
    for edit in sorted(fix.edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
