"""Diagnostic codes: each stands for one kind of finding and is documented."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

DEFINITION = re.compile(r'^\w+(?:: \w+)? = "(WIT\d{4})"$', re.MULTILINE)


def sources(repository: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in (repository / "witkit").rglob("*.py")}


def documented(repository: Path) -> list[str]:
    page = (repository / "docs" / "errors.md").read_text(encoding="utf-8")
    return re.findall(r"^### (WIT\d{4})", page, re.MULTILINE)


def used(repository: Path) -> set[str]:
    """Codes in quotes; a bare one in a docstring is an example. Rules and changes have other pages."""
    checks = repository / "witkit" / "checks"
    others = (checks / "diff" / "kinds.py", checks / "table.py")
    texts = (text for path, text in sources(repository).items() if "rules" not in path.parts and path not in others)
    return {code for text in texts for code in re.findall(r'"(WIT\d{4})"', text)}


def test_a_code_is_defined_once(repository: Path) -> None:
    defined = Counter(code for text in sources(repository).values() for code in DEFINITION.findall(text))
    assert [code for code, times in defined.items() if times > 1] == []


def test_every_code_is_documented(repository: Path) -> None:
    assert sorted(used(repository) - set(documented(repository))) == []


def test_no_code_is_documented_that_does_not_exist(repository: Path) -> None:
    assert sorted(set(documented(repository)) - used(repository)) == []


def test_the_documentation_is_in_order(repository: Path) -> None:
    codes = documented(repository)
    assert codes == sorted(set(codes))
