"""Documentation as comments."""

from __future__ import annotations

from witkit.ir.resolve.docs import docs_of
from witkit.syntax.block_comments import block_end
from witkit.syntax.nodes import Comment
from witkit.text import Source


def comment_lines(docs: str | None, indent: str) -> list[str]:
    """Comments that read back as `docs`, in the form `///` if possible."""
    if docs is None:
        return []
    plain = [f"/// {line}".rstrip() for line in docs.split("\n")]
    if _read_back(plain) == docs:
        return [indent + line for line in plain]
    for block in (f"/**{docs}*/", f"/**{docs}\n*/"):
        if block_end(block) == len(block) and _read_back([block]) == docs:
            return [indent + block]
    return [indent + line for line in plain]


def _read_back(comments: list[str]) -> str | None:
    return docs_of([Comment(Source("", text).span(0, len(text))) for text in comments])
