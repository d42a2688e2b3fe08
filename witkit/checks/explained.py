"""What a code or a name stands for: the page of a rule or category, or a section of `docs/errors.md`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from witkit._resources import data_folder
from witkit.checks.diff.page import explained_kind
from witkit.checks.page import category_page, category_summary, page
from witkit.checks.rule import CATEGORIES, Rule
from witkit.text.formats import Description

_SECTION = re.compile(r"^### (WIT\d{4}) ([^\n]*)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)


def explained(name: str, rules: Sequence[Rule]) -> Description | None:
    """What is known about a code, one of the rules or a category of them; None if the name is unknown."""
    rule = next((rule for rule in rules if name in (rule.name, rule.code)), None)
    if rule is not None:
        return Description(rule.name, rule.summary, page(rule))
    if name in CATEGORIES:
        return Description("", category_summary(name), category_page(name, rules))
    if name not in _sections():
        return explained_kind(name)
    title, text = _sections()[name]
    return Description("", f"{title[:1].upper()}{title[1:]}.", f"# {name} {title}\n\n{text.strip()}\n")


def known_names(rules: Sequence[Rule]) -> list[str]:
    """All names of rules and categories. Codes are not names: one that is nearly another means something else."""
    return [*(rule.name for rule in rules), *CATEGORIES]


@cache
def _sections() -> dict[str, tuple[str, str]]:
    """The title and the text of each code on the page about diagnostics."""
    text = (data_folder("docs") / "errors.md").read_text(encoding="utf-8")
    return {code: (title, body) for code, title, body in _SECTION.findall(text)}
