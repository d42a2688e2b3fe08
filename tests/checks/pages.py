"""Write `docs/rules` from the docstrings of the rules: `python -m tests.checks.pages`."""

from __future__ import annotations

import re
from pathlib import Path

from witkit.checks.page import index, page
from witkit.checks.table import own_rules

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "rules"
_ROW = re.compile(r"^\| \[([\w-]+)\]\([\w.-]+\) \| (\d+) \| (.*) \|$", re.MULTILINE)
INTRODUCTION = """# Rules

After this page you can choose the rules that `witkit check` runs, set their options, and silence a finding. Each rule
has a page of its own; the tables below list them.

`witkit check` runs the rules of a preset over every package that loads without errors. `minimal` is the smallest
preset; `standard`, the default, has all of it and more, and so on to `wasi` and `strict`.

```toml
# witkit.toml, or [tool.witkit.check] in pyproject.toml
[check]
preset = "wasi"
select = ["unused-use"]              # rules to add: names, codes or categories
ignore = ["names"]                   # rules to leave out

[check.per-path."legacy/**"]         # for some files only
ignore = ["documentation"]

[check.rules.undocumented-function]  # the options of a rule
constructors = true
```

A comment silences a finding that you accept:

- `// witkit: allow(unused-use): reason` at the end of a line, for what begins in this line, or in the statement that
  ends in it;
- the same on a line of its own, for all of the item below it;
- `// witkit: allow-file(unused-use): reason` anywhere, for all of the file.

The last column shows how many findings to expect: what a rule found in the packages of public repositories, and in how
many of these. [What the rules find](hits.md) has the numbers for each repository.

"""


def pages() -> dict[Path, str]:
    """The text of each file of the folder."""
    rules = own_rules()
    return {
        FOLDER / "README.md": INTRODUCTION + index(rules, hits()).rstrip() + "\n",
        **{FOLDER / f"{rule.name}.md": page(rule) for rule in rules},
    }


def hits() -> dict[str, str]:
    """What each rule found by the page about hits: `15 in 3`, findings in repositories."""
    rows = _ROW.findall((FOLDER / "hits.md").read_text(encoding="utf-8"))
    return {name: f"{number} in {len(where.split(', '))}" if where.strip() else number for name, number, where in rows}


def written() -> set[Path]:
    """The files that there are; `tests.checks.hits` writes the page about hits."""
    return {path for path in FOLDER.glob("*.md") if path.name != "hits.md"}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in written() - pages().keys():
        path.unlink()
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
