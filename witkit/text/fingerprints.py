"""What stays the same about a finding while the lines around it change."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from witkit.text.diagnostic import Diagnostic


def fingerprints(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """One fingerprint for each finding, of 32 hexadecimal digits.

    It depends on the rule or code, the message, and the path of the item; for a finding without an item, on the name
    of its file and the text of its line. Findings that agree in all that are numbered.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for d in diagnostics:
        facts = _facts(d)
        text = "\0".join([*facts, str(seen[facts])])
        seen[facts] += 1
        found.append(hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:32])
    return found


def _facts(d: Diagnostic) -> tuple[str, ...]:
    if d.item or d.primary is None:
        return d.rule or d.code, d.message, d.item or d.file
    line, _ = d.primary.source.position(d.primary.start)
    return d.rule or d.code, d.message, Path(d.where).name, d.primary.source.line(line).strip()
