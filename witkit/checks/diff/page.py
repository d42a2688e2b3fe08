"""The kinds of changes for readers: what each is, and its verdicts."""

from __future__ import annotations

from collections.abc import Mapping

from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.verdict import TODAY, Judgement, Row, rules
from witkit.text.formats import Description


def explained_kind(name: str) -> Description | None:
    """What is known about a kind of change, by its code or name."""
    kind = next((kind for kind in Kind if name in (kind.code, kind.title)), None)
    if kind is None:
        return None
    lines = [f"# {kind.code} {kind.title}", "", kind.summary, "", *_HEAD, *_rows(kind, rules(TODAY))]
    return Description(kind.title, kind.summary, "\n".join(lines) + "\n")


def index() -> str:
    """All kinds in one table per hundred of the codes, for `docs/changes.md`."""
    parts = []
    for hundred, title in _TITLES.items():
        kinds = [kind for kind in Kind if kind.code.startswith(hundred)]
        rows = [f"| {kind.code} | {kind.title} | {kind.summary} |" for kind in kinds]
        verdicts = [row for kind in kinds for row in _rows(kind, rules(TODAY))]
        head = ["| code | kind | what has changed |", "|---|---|---|"]
        parts.append("\n".join([f"## {title}", "", *head, *rows, "", *_HEAD, *verdicts, ""]))
    return "\n".join(parts)


_TITLES = {"WIT21": "Functions", "WIT22": "Types", "WIT23": "Interfaces, worlds and packages", "WIT24": "The rest"}
_HEAD = [
    "| kind | guests … it | old guest, new host | new guest, old host | guest source | host source | version |",
    "|---|---|---|---|---|---|---|",
]


def _rows(kind: Kind, table: Mapping[Kind, Row]) -> list[str]:
    row = table[kind]
    if row.imported == row.exported and row.unused is None:
        return [_row(kind, "import or export", row.imported)]
    found = [_row(kind, "import", row.imported)]
    if row.unused is not None:
        found.append(_row(kind, "import, and no function has", row.unused))
    return [*found, _row(kind, "export", row.exported)]


def _row(kind: Kind, how: str, judgement: Judgement) -> str:
    verdicts = (judgement.old_guest, judgement.new_guest, judgement.guest_source, judgement.host_source)
    return f"| {kind.title} | {how} | {' | '.join(v.text for v in verdicts)} | {judgement.bump.text} |"
