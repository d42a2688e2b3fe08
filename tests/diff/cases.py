"""The cases of `tests/diff/edits`: a package before and after one edit, and what that means in each direction.

A case is a section of a page, with two blocks of WIT: before and after. What has no interface is the content of one,
`api`. If there is no world, guests import `api`, and then export it. A block whose first line is a comment with a path
(`// deps/d.wit`) is the dependency of the next one. The table has a row for each direction, and for the edit taken
back. Its last column is the answer of wasm-tools about old guests on new hosts. If that is not witkit's, a text below
the table says why.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.ir.conftest import reference
from witkit.checks.diff import Bump, Change, Comparison, Judgement, Verdict, diff
from witkit.ir import load

FOLDER = Path(__file__).resolve().parent / "edits"
PAGES = sorted(FOLDER.glob("*.md"))
COLUMNS = ("", "kinds", "old guest, new host", "new guest, old host", "guest source", "host source", "version")
WITNESS = "wasm-tools"

_SECTION = re.compile(r"^## (.+?)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```wit\n(?:// (deps/\S+)\n)?(.*?)^```", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Version:
    """One side of an edit: the text of a package without its header, and that of its dependency."""

    text: str
    dependency: str = ""

    def texts(self) -> dict[str, str]:
        """The package in each direction that the case has."""
        if re.search(r"^world w ", self.text, re.MULTILINE):
            return {"as it is": self.text}
        has_interface = re.search(r"^interface ", self.text, re.MULTILINE)
        body = self.text if has_interface else "interface api {\n" + self.text + "}\n"
        return {way: f"{body}\nworld w {{\n  {way} api;\n}}\n" for way in ("import", "export")}


@dataclass(frozen=True, slots=True)
class Case:
    """An edit, and its rows by what they are about: `import`, `export, back`."""

    page: str
    title: str
    old: Version
    new: Version
    rows: dict[str, tuple[str, ...]]
    reason: str = ""

    def ways(self) -> Iterator[tuple[str, Version, Version, str]]:
        """What each row is about: its name, both versions and the direction."""
        for way in self.old.texts():
            yield way, self.old, self.new, way
            yield f"{way}, back", self.new, self.old, way


def cases() -> list[Case]:
    """All cases of all pages."""
    return [case for page in PAGES for case in _cases(page)]


def _cases(page: Path) -> Iterator[Case]:
    for title, body in _SECTION.findall(page.read_text(encoding="utf-8")):
        versions, dependency = [], ""
        for path, text in _BLOCK.findall(body):
            if path:
                dependency = text
            else:
                versions.append(Version(text, dependency))
                dependency = ""
        rows = [tuple(row.split(" | ")) for row in _ROW.findall(body) if not row.startswith("| ")]
        old, new = versions
        reason = body.rpartition(" |\n")[2].strip()
        yield Case(page.stem, title, old, new, {row[0]: row[1:] for row in rows}, reason)


def compare(folder: Path, old: Version, new: Version, way: str) -> Comparison:
    """Compare both versions in one direction."""
    loaded = []
    for name, version in (("old", old), ("new", new)):
        write(folder / name, "a.wit", f"package t:t@0.1.0;\n\n{version.texts()[way]}")
        if version.dependency:
            write(folder / name / "deps", "d.wit", version.dependency)
        loaded.append(load(folder / name).raise_for_errors())
    return diff(*loaded)


def row(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The cells of a comparison: the kinds of changes, and the worst of their verdicts."""
    judgement = Judgement(Verdict.OK, Verdict.OK, Verdict.OK, Verdict.OK, Bump.NONE)
    for change in changes:
        judgement = judgement.worse(change.judgement)
    kinds = ", ".join(dict.fromkeys(change.kind.title for change in changes))
    sides = (judgement.old_guest, judgement.new_guest, judgement.guest_source, judgement.host_source)
    return (kinds or "none", *(verdict.text for verdict in sides), judgement.bump.text)


def witness(folder: Path, old: Version, new: Version, way: str) -> str:
    """Whether wasm-tools calls the new world compatible: "ok", "breaks", or "refuses" if it cannot compare them."""
    write(folder, "main.wit", "package x:x;\n")
    for number, version in enumerate((old, new)):
        write(folder / "deps", f"t{number}.wit", f"package t:t@0.1.{number};\n\n{version.texts()[way]}")
        if version.dependency:
            name = re.search(r"@([\d.]+)", version.dependency)
            assert name is not None
            write(folder / "deps", f"d{name[1]}.wit", version.dependency)
    done: subprocess.CompletedProcess[str] = reference(
        "component", "semver-check", "--prev", "t:t/w@0.1.0", "--new", "t:t/w@0.1.1", folder
    )
    if done.returncode == 0:
        return "ok"
    return "breaks" if "not semver-compatible" in done.stderr else "refuses"


def write(folder: Path, name: str, text: str) -> None:
    """Write a file and the folders above it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
