"""Writes the table of `docs/backends.md` that says on which backends the tests' guests run.

python -m tests.conformance.table --write
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from tests.conformance.cases import ALL, Guest
from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "backends.md"
START, END = "<!-- written by tests/conformance/table.py -->\n", "<!-- end of what is written -->\n"


def written() -> str:
    """The page with the table of now."""
    before, found, rest = PAGE.read_text(encoding="utf-8").partition(START)
    _, ended, after = rest.partition(END)
    assert found, f"{PAGE} has no line {START}"
    assert ended, f"{PAGE} has no line {END}"
    return "".join([before, START, "\n", *_lines(), "\n", END, after])


def _lines() -> list[str]:
    rows = [_row(guest) for guest in ALL if guest.backends]
    return ["| imports of the component | capability | backends |\n", "|---|---|---|\n", *rows]


def _row(guest: Guest) -> str:
    return f"| {_imports(guest)} | `{guest.capability}` | {_listed(guest.backends)} |\n"


def _imports(guest: Guest) -> str:
    """Interfaces of one package are written as `ns:package@version` with their names, others in full."""
    packages = {re.sub("/[^@]+", "", name) for name in guest.imports}
    if len(guest.imports) == 1 or len(packages) > 1:
        return _listed(guest.imports)
    return f"`{packages.pop()}`: {_listed(re.findall('/([^@]+)', ' '.join(guest.imports)))}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(f"usage: python -m {__spec__.name} --write")
    PAGE.write_text(written(), encoding="utf-8")
