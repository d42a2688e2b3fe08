"""Right packages with one token too few, too many or wrong: nearly always one finding, and fixes never add any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.mistakes.slips import applied
from tests.sampled import every, portion, sampled
from witkit.ir import load
from witkit.syntax import grammar
from witkit.text import Diagnostic, Source

CORRECT = sorted((Path(__file__).resolve().parent / "correct").iterdir())
MARKS = ["{", "}", "(", ")", "<", ">", ";", ",", ":", "->", ".", "=", "/", "@"]
INSTEAD = {
    ";": ",:",
    ",": ";",
    ":": "=",
    "->": [":", "=>"],
    "{": "([",
    "}": ")]",
    "(": "{<",
    ")": "}>",
    "<": "([",
    ">": ")]",
    "/": ".",
    "=": ":",
}
LEAST_SHARE = 0.97
"""Of all slips. As many of them as may be otherwise may all be in a sample."""


@dataclass(frozen=True)
class Slip:
    """One change of a right text: `kind` is what was done, `token` to which."""

    kind: str
    token: str
    text: str


def slips(text: str) -> Iterator[Slip]:
    """Each token deleted, doubled, replaced by what it is likely to be mixed up with, or misspelt."""
    for token in grammar.wit().lexer.scan(Source("a.wit", text)).tokens[:-1]:
        before, word, after = text[: token.start], token.text, text[token.end :]
        yield Slip("deleted", word, f"{before} {after}")
        yield Slip("doubled", word, f"{before}{word} {word}{after}")
        for other in INSTEAD.get(word, ""):
            yield Slip("replaced", word, before + other + after)
        if token.type != "ID" and word.isalpha() and len(word) > 3:
            yield Slip("misspelt", word, f"{before}{word[0]}{word[2]}{word[1]}{word[3:]}{after}")


def findings(text: str, folder: Path) -> tuple[Diagnostic, ...]:
    (folder / "a.wit").write_text(text, encoding="utf-8")
    return load(folder / "a.wit").diagnostics


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Slip, tuple[Diagnostic, ...]]]:
    """All slips that are wrong, with what is said of them; or a sample of each kind."""
    folder = tmp_path_factory.mktemp("slips")
    made: dict[tuple[str, str], list[Slip]] = {}
    for slip in (slip for file in CORRECT for slip in slips(file.read_text(encoding="utf-8"))):
        made.setdefault((slip.kind, slip.token if slip.token in MARKS else ""), []).append(slip)
    chosen = (slip for alike in made.values() for slip in sampled(alike))
    return [(slip, found) for slip in chosen if (found := findings(slip.text, folder))]


Tried = list[tuple[Slip, tuple[Diagnostic, ...]]]


@pytest.mark.parametrize("file", CORRECT, ids=lambda file: file.stem)
def test_the_packages_are_right(file: Path, tmp_path: Path) -> None:
    assert findings(file.read_text(encoding="utf-8"), tmp_path) == ()


@pytest.mark.parametrize("kind", ["deleted", "doubled", "replaced", "misspelt"])
def test_a_slip_is_nearly_always_one_finding(kind: str, tried: Tried) -> None:
    counts = Counter(len(found) == 1 for slip, found in tried if slip.kind == kind)
    assert counts.total() > portion(90)
    assert counts[False] <= (1 - LEAST_SHARE) * counts.total() * every()


@pytest.mark.parametrize("mark", MARKS)
def test_a_deleted_mark_is_one_finding(mark: str, tried: Tried) -> None:
    several = [slip.text for slip, found in tried if (slip.kind, slip.token) == ("deleted", mark) and len(found) > 1]
    assert several == []


def test_no_fix_makes_it_worse(tried: Tried, tmp_path: Path) -> None:
    fixes = 0
    for slip, found in tried:
        for each in found:
            if each.fix is not None:
                fixes += 1
                left = findings(applied(slip.text, each.fix), tmp_path)
                assert len(left) <= len(found), (slip, each.fix)
    assert fixes > portion(1000)


def test_most_fixes_leave_nothing_to_do(tried: Tried, tmp_path: Path) -> None:
    alone = [(slip.text, found[0].fix) for slip, found in tried if len(found) == 1 and found[0].fix]
    wrong = sum(bool(findings(applied(text, fix), tmp_path)) for text, fix in alone)
    assert wrong <= (1 - LEAST_SHARE) * len(alone) * every()
