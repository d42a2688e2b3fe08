"""README of a proposal without its sections.

## What it does

Reports headings that the README of a proposal must have and has not, and text of the template that is left in it (`TODO
before entering Phase 2`, `[fill in]`, `TK`). The README is `README.md` in the folder of the package, or in the folder
around it if the package is in `wit`. Without a README, nothing is reported.

## Why

A proposal enters a phase by what its README says: champions, criteria for portability, alternatives. Reviewers send
back those that lack it.

## Bad

```wit
package example:shop;

interface prices {}
```

```markdown
// README.md
# Shop

TODO before entering Phase 2.
```

## Good

```wit
package example:shop;

interface prices {}
```

```markdown
// README.md
# Shop

### Current Phase
### Champions
### Portability Criteria
### Introduction
### Goals
### Non-goals
### API walk-through
### Detailed design discussion
### Considered alternatives
### Stakeholder Interest & Feedback
### References & acknowledgements
```

## Options

- `headings = ["Champions", "Goals"]` are the headings that it must have, or what they begin with. The default is the
  list of WASI's template, which the example above has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from witkit.checks.context import Context
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir import model
from witkit.text import Source

_HEADINGS: Final = (
    "Current Phase",
    "Champions",
    "Portability Criteria",
    "Introduction",
    "Goals",
    "Non-goals",
    "API walk-through",
    "Detailed design discussion",
    "Considered alternatives",
    "Stakeholder Interest",
    "References",
)
_TEMPLATE: Final = re.compile(r"TODO before entering Phase \d|\[(?:fill in|champion \d)[^\]\n]*\]|^TK\b", re.I | re.M)
_BLOCKS: Final = re.compile(r"^```.*?^```|<!--.*?-->", re.DOTALL | re.MULTILINE)


def check(package: model.Package, context: Context) -> Iterator[Finding]:
    """One finding for all headings that are missing, and one for each text of the template."""
    readme = _readme(Path(context.file.source.name)) if package is context.resolve.main[0] else None
    if readme is None or package.span is None:
        return
    text = _BLOCKS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), readme.text)
    present = [_plain(heading) for heading in re.findall(r"^#+[ \t]*(.+)", text, re.MULTILINE)]
    wanted = context.options["headings"]
    assert isinstance(wanted, tuple)
    missing = [heading for heading in wanted if not any(each.startswith(_plain(heading)) for each in present)]
    if missing:
        shown = ", ".join(f"`{heading}`" for heading in missing)
        first_line = readme.span(0, len(readme.line(1)))
        yield Finding(first_line, f"the README of `{package.name}` lacks {shown}", "add these sections")
    for found in _TEMPLATE.finditer(text):
        yield Finding(readme.span(*found.span()), "this is text of the template", "replace it")


def _readme(file: Path) -> Source | None:
    folder = file.parent
    for place in (folder, folder.parent) if folder.absolute().name == "wit" else (folder,):
        path = place / "README.md"
        try:
            return Source(str(path), path.read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
    return None


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z]+", " ", heading.lower()).strip()


RULE = Rule(
    code="WIT1331",
    name="incomplete-readme",
    category="documentation",
    presets=WASI,
    on=(model.Package,),
    check=check,
    doc=__doc__,
    options={"headings": _HEADINGS},
)
