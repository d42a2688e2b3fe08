"""Known findings of an old package, in a file: only new ones are reported.

An entry is a finding by its rule, the path of its item and its message, not by its line:

    {"findings": [{"fingerprint": "…", "rule": "unused-use", "item": "ns:pkg/store.key", "message": "…"}]}
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Final

from witkit.text import Diagnostic, Severity, WitkitError, error
from witkit.text.fingerprints import fingerprints
from witkit.text.json_text import json_text

BAD_BASELINE: Final = "WIT0937"
NO_LONGER_FOUND: Final = "WIT1092"


@dataclass(frozen=True, slots=True, order=True)
class KnownFinding:
    """One known finding."""

    item: str
    rule: str
    message: str
    fingerprint: str

    @property
    def package(self) -> str:
        """The package of the item, without its version."""
        return self.item.partition("/")[0]


def read_baseline(file: Path) -> list[KnownFinding]:
    """The entries of a file. Raises WitkitError (WIT0937) if it cannot be read, or is not a baseline."""
    try:
        found = [KnownFinding(**each) for each in json.loads(file.read_text(encoding="utf-8"))["findings"]]
        if not all(isinstance(text, str) for entry in found for text in astuple(entry)):
            raise TypeError
        return found
    except OSError as refused:
        reason = (refused.strerror or "the system refuses").lower()
        message, help = f"this baseline cannot be read: {reason}", "create it with `witkit check --write-baseline`"
    except (ValueError, KeyError, TypeError):
        message, help = "this is not a baseline of witkit", "write it again with `witkit check --write-baseline`"
    raise WitkitError([error(BAD_BASELINE, message, file=str(file), help=help)])


def entries(found: Iterable[Diagnostic]) -> list[KnownFinding]:
    """The entries for the findings of rules; those of loading are never known."""
    of_rules = [d for d in found if d.rule]
    marks = fingerprints(of_rules)
    return [KnownFinding(d.item, d.rule, d.message, mark) for d, mark in zip(of_rules, marks, strict=True)]


def new_findings(found: Sequence[Diagnostic], known: Collection[KnownFinding], file: Path) -> list[Diagnostic]:
    """The findings that are not known, and a note if known ones of the same packages no longer exist."""
    marks = {entry.fingerprint for entry in known}
    of_rules = [d for d in found if d.rule]
    old = {id(d) for d, entry in zip(of_rules, entries(found), strict=True) if entry.fingerprint in marks}
    left = [d for d in found if id(d) not in old]
    if number := len(known) - len(old):
        message = f"{number} known finding{'s' if number > 1 else ''} no longer occur{'' if number > 1 else 's'}"
        help = "remove them from the baseline with `witkit check --write-baseline`"
        left.append(Diagnostic(NO_LONGER_FOUND, Severity.NOTE, message, file=str(file), help=help))
    return left


def baseline_text(known: Iterable[KnownFinding]) -> str:
    """The text of a file with these entries, in an order that does not change from run to run."""
    return json_text({"findings": [asdict(entry) for entry in sorted(known)]}, only_ascii=False)
