"""Documentation that names something that does not exist.

## What it does

Reports a name in backticks that is written like a name of WIT and is not one: `` `two-words` `` if neither the package
nor a dependency has it, and `` `a.b` `` or `` `a::b` `` if one of the parts does not exist. Names of a single word are
not looked at, since many mean something else.

## Why

Such names remain when an item is renamed or removed, and a reader does not find them.

## Bad

```wit
package example:shop;

interface prices {
  /// Fails if `currency-table` has no such currency.
  price: func(article: string) -> u32;
}
```

## Good

```wit
package example:shop;

interface prices {
  /// Fails if `known-currencies` has no such currency.
  price: func(article: string) -> u32;
  /// The currencies that the shop takes.
  known-currencies: func() -> list<string>;
}
```

## Options

- `known = ["utc-offset"]` are names that mean something although no WIT has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from witkit.checks.context import Context
from witkit.checks.prose import Documentation
from witkit.checks.rule import WASI, Finding, Rule
from witkit.ir import Loaded
from witkit.syntax.keywords import KEYWORDS
from witkit.text import did_you_mean

_REFERENCE: Final = re.compile(r"%?[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:(?:::|\.)[a-z][a-z0-9]*(?:-[a-z0-9]+)*)*(?:\(\))?")
_FILES: Final = frozenset({"wit", "md", "toml", "json", "wasm", "rs", "py", "js", "go", "c", "h"})
"""A last part that makes a name the name of a file."""
_MOST_ALIKE: Final = 20
_COMMENTS: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each name that nothing has."""
    for code, place in text.code():
        if not re.search(r"[-.:]", code) or not _REFERENCE.fullmatch(code):
            continue
        parts = re.split(r"::|\.", code.strip("%()"))
        known = context.once(_names, context.loaded)
        missing = next((part for part in parts if part not in known and part not in _known(context)), None)
        if missing is None or parts[-1] in _FILES or parts[0] in KEYWORDS:
            continue
        renamed = next((each for each in (f"get-{missing}", f"is-{missing}") if each in known), "")
        alike = context.once(_by_word, context.loaded)
        near = [name for word in missing.split("-") for name in alike.get(word, ())]
        help = did_you_mean(renamed or missing, [renamed, *near]) or "write the name that the item has now"
        yield Finding(place, f"nothing here is called `{missing}`", help)


def _known(context: Context) -> tuple[str, ...]:
    known = context.options["known"]
    assert isinstance(known, tuple)
    return known


def _names(loaded: Loaded) -> frozenset[str]:
    """Every word in the text of the package and of its dependencies, and the names of packages as `ns-name`."""
    texts = (_COMMENTS.sub("", tree.source.text) for folder in loaded.folders for tree in folder.trees)
    words = {word for text in texts for word in re.findall(r"[A-Za-z][\w-]*", text)}
    packages = loaded.resolve.packages if loaded.resolve else ()
    return frozenset(words | {f"{each.name.namespace}-{each.name.name}" for each in packages})


def _by_word(loaded: Loaded) -> dict[str, list[str]]:
    """Names by each of their words; of a word that many have, the first ones: names to offer must be few."""
    found: dict[str, list[str]] = {}
    for name in sorted(_names(loaded)):
        for word in name.split("-"):
            if len(names := found.setdefault(word, [])) < _MOST_ALIKE:
                names.append(name)
    return found


RULE = Rule(
    code="WIT1310",
    name="unknown-reference",
    category="documentation",
    presets=WASI,
    on=(Documentation,),
    check=check,
    doc=__doc__,
    options={"known": ()},
)
