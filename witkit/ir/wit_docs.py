"""Documentation back to comments."""

from __future__ import annotations

import re

from witkit.ir.docs import docs_of
from witkit.syntax.nodes import Comment
from witkit.text import Source

_BLOCK_MARK = re.compile(r"/\*|\*/")


def comment_lines(docs: str | None, indent: str) -> list[str]:
    """Lines that hold `docs` as comments which read back as the same text, `///` where that can be."""
    if docs is None:
        return []
    plain = [f"/// {line}".rstrip() for line in docs.split("\n")]
    if _read_back(plain) == docs:
        return [indent + line for line in plain]
    for block in (f"/**{docs}*/", f"/**{docs}\n*/"):
        if _is_one_comment(block) and _read_back([block]) == docs:
            return [indent + block]
    return [indent + line for line in plain]


def _is_one_comment(block: str) -> bool:
    """Whether the first `/*` is closed at the very end: comments nest."""
    depth = 0
    for mark in _BLOCK_MARK.finditer(block):
        depth += 1 if mark.group() == "/*" else -1
        if depth == 0:
            return mark.end() == len(block)
    return False


def _read_back(comments: list[str]) -> str | None:
    return docs_of([Comment(Source("", text).span(0, len(text))) for text in comments])
