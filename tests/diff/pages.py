"""Write `docs/changes.md` from the table of verdicts: `python -m tests.diff.pages`."""

from __future__ import annotations

from pathlib import Path

from witkit.checks.diff.page import index

PAGE = Path(__file__).resolve().parents[2] / "docs" / "changes.md"
INTRODUCTION = """# Changes

After this page you know every kind of change that [`witkit diff`](diff.md) reports, and whom it breaks. The tables are
written from the one that `witkit diff` uses.

The verdicts depend on the direction. A guest calls what it imports, and the host has to provide that; what a guest
exports, the guest has to provide. An interface that no world of its package has may be used either way, so the worse
verdict counts. "Old" is what was built before the change, "new" what is built after it, and the sources are those that
are built again. The last column is the least bump of a version from 1.0.0 on: below, a minor version stands for a major
one, and a patch for a minor one.

"""


def page() -> str:
    """The text of the page."""
    return INTRODUCTION + index().rstrip() + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
