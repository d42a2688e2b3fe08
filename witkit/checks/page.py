"""The page of a rule: its docstring, and what its table says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from witkit.checks.rule import CATEGORIES, PRESETS, Rule

SECTIONS: Final = ("What it does", "Why", "Bad", "Good", "Options")
"""The headings of a page, in this order. A rule without options has no section about them.

A section `Fixed`, with what the fixes make of `Bad`, may be among them.
"""

_HEAD: Final = "| code | rule | what it reports | presets | fix |\n|---|---|---|---|---|"
_HEADING: Final = re.compile(r"^## (.*)\n", re.MULTILINE)
_BLOCK: Final = re.compile(r"^```(\w+)\n(?:(?://|#) (\S+\.\w+)\n)?(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """The files of an example by their paths, and the text of a `witkit.toml` if one has to be there.

    Files below `deps` are dependencies, and those below `before` the package that this one is compared with.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    settings: str = ""


def sections(rule: Rule) -> dict[str, str]:
    """The text below each heading of the rule's docstring."""
    parts = _HEADING.split((rule.doc or "").strip())
    return {title: text.strip() for title, text in zip(parts[1::2], parts[2::2], strict=True)}


def example(text: str) -> Example:
    """What the blocks of a section `Bad` or `Good` are: WIT, or TOML for settings.

    A block whose first line is a comment with a path (`// deps/money/money.wit`, `# deps.lock`) is that file.
    """
    files, settings = {}, ""
    for language, path, content in _BLOCK.findall(text):
        if language == "toml" and not path:
            settings += content
        else:
            files[path or "example.wit"] = content
    return Example(files, settings)


def page(rule: Rule) -> str:
    """The page of a rule in Markdown, as `docs/rules` has it."""
    _, _, body = (rule.doc or "").strip().partition("\n")
    return f"# {rule.name} ({rule.code})\n\n{rule.summary}\n\n{_facts(rule)}\n\n{body.strip()}\n"


def index(rules: Sequence[Rule], found: Mapping[str, str]) -> str:
    """The rules of each category as tables, for `docs/rules/README.md`, with what each rule has found."""
    tables = []
    names, rule_line = _HEAD.splitlines()
    head = f"{names} found |\n{rule_line}---|"
    for category in CATEGORIES:
        rows = [
            f"{_row(rule, f'[{rule.name}]({rule.name}.md)')} {found.get(rule.name, '')} |"
            for rule in rules
            if rule.category == category
        ]
        if rows:
            tables.append("\n".join([f"## {category}", "", category_summary(category), "", head, *rows, ""]))
    return "\n".join(tables)


def category_page(category: str, rules: Sequence[Rule]) -> str:
    """The page of a category in Markdown: its rules as a table."""
    rows = [_row(rule, f"`{rule.name}`") for rule in rules if rule.category == category]
    use = f"In `select` and `ignore`, `{category}` stands for all of these rules:"
    return "\n".join([f"# {category}", "", f"{category_summary(category)} {use}", "", _HEAD, *rows, ""])


def category_summary(category: str) -> str:
    """What the rules of a category are about, as a sentence."""
    about = CATEGORIES[category]
    return f"{about[0].upper()}{about[1:]}."


def _row(rule: Rule, name: str) -> str:
    return f"| {rule.code} | {name} | {rule.summary.removesuffix('.')} | {_presets(rule)} | {rule.fix} |"


def _presets(rule: Rule) -> str:
    """The smallest presets: those that hold one of them hold the rule as well."""
    return next((name for name in PRESETS if name in rule.presets), "")


def _facts(rule: Rule) -> str:
    presets = ", ".join(f"`{name}`" for name in rule.presets) or "none: name it with `select`"
    fixes = {"": "no", "safe": "yes, with `--fix`", "unsafe": "yes, with `--fix --unsafe-fixes`"}
    facts = {"category": f"`{rule.category}`", "severity": str(rule.severity), "presets": presets}
    facts["fix"] = fixes[rule.fix]
    if rule.needs:
        facts["runs"] = f"if `{rule.needs}` is set"
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in facts.items())])
