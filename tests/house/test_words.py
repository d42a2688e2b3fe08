"""Words and phrases that plain technical English does not use, and what to write instead."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

EVERYWHERE = {
    r"anew": "again",
    r"are the most": "at most … are allowed",
    r"as ever": "as always",
    r"as good as": "almost; equivalent to",
    r"mend(s|ed|ing)?": "fix, correct, update",
    r"(one|an) (module|folder|class|file|object|item|element|line) an? [a-z]+": "one … per …",
    r"some (\d|hundred|thousand)": "about, several",
    r"behind the (last|end)": "after the last; past the end",
    r"for ever": "forever",
    r"heeds?": "follow, respect",
    r"in vain": "without success",
    r"otherwise than": "differently from",
    r"st(ands?|ood) (against|in|at|on|under|behind|before|beside|between|there|where)": "is in, is at; prevents",
    r"(is|are|was|were|be) told": "is reported, gets, learns",
    r"put [^\n]{1,40} behind": "add … after",
    r"that is (?-i:none)": "invalid …",
    r"the reference": "wasm-tools",
    r"tells (whether|nothing|nobody)": "says whether",
    r"told (at|in|with|of|by)": "reported at",
    r"(?<!there.)(is|are|was|were) no (?!longer|more|such)[a-z]+": "is not a …",
}
"""Phrases, as regular expressions, that no text of the repository contains. `_` counts as a space."""

PAGES = {
    r"told": "a warning, a note, reports",
    r"tells?": "reports, shows",
    r"is (?-i:none)": "is not a …",
    r"is (not )?there(?! (a|an|no|any)\b)": "exists, is missing",
    r"behind": "after; the backend of",
    r"where (there|nothing|no|none|both|several)": "if, when",
    r"(in|out)side of": "inside, outside",
}
"""Phrases that pages for readers do not contain, in addition."""

EXCLUDED = ("LICENSE", "tests/house/test_words.py", "tests/house/data", "witkit/interpreter/library.json")
ALLOWED = {
    "README.md": ["behind its imports"],
    "docs/commands.md": ["code behind it"],
}
"""Uses that are plain English: a picture that everybody knows."""


@cache
def texts() -> dict[str, str]:
    """All text under version control, by path."""
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    found = {}
    for name in listed.stdout.splitlines():
        path = REPOSITORY / name
        if not path.is_file() or name.startswith(EXCLUDED):
            continue
        try:
            found[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def compiled(phrase: str) -> re.Pattern[str]:
    """The phrase as whole words; they may be joined by `_`, or by the end of a line of a comment."""
    return re.compile(
        r"(?<![^\W_])(?:" + phrase.replace(" ", r"(?:[ _]|\n[ \t]*(?:# )?)") + r")(?![^\W_])", re.IGNORECASE
    )


def uses(phrase: str, names: list[str]) -> list[str]:
    """Each use of the phrase as `path:line: text`."""
    pattern = compiled(phrase)
    found = []
    for name in names:
        text = texts()[name]
        for match in pattern.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            shown = text.splitlines()[line - 1].strip()
            if not any(allowed in shown for allowed in ALLOWED.get(name, ())):
                found.append(f"{name}:{line}: {shown}")
    return found


def pages() -> list[str]:
    return [name for name in texts() if name.endswith(".md") and not name.startswith(("snapshots/", "tests/"))]


@pytest.mark.parametrize("phrase", EVERYWHERE)
def test_no_text_uses_it(phrase: str) -> None:
    assert uses(phrase, list(texts())) == [], f"write: {EVERYWHERE[phrase]}"


@pytest.mark.parametrize("phrase", PAGES)
def test_no_page_uses_it(phrase: str) -> None:
    assert uses(phrase, pages()) == [], f"write: {PAGES[phrase]}"


@pytest.mark.parametrize("text", ["It is told.", "def test_it_is_told()", "what is\n    # told"])
def test_a_phrase_is_found_in_prose_names_and_comments(text: str) -> None:
    assert compiled("is told").search(text)


def test_a_part_of_a_word_is_not_found() -> None:
    assert not compiled("mend(s|ed|ing)?").search("recommended")
    assert not compiled("is no [a-z]+").search("this node")
