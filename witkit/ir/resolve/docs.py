"""Documentation text of an item: its comments without their marks (rule 14)."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.syntax.nodes import Comment

_ASCII_SPACE = " \t\n\r\f"


def docs_of(comments: Sequence[Comment]) -> str | None:
    """The text of a run of comments, their smallest common indent removed; None where there are none.

    All kinds of comments count. `/* x */` keeps its first star, as the reference has it.
    """
    if not comments:
        return None
    texts = [_without_marks(comment.text) for comment in comments]
    indent = min((_indent(text) for text in texts if text), default=0)
    prefix = " " * indent
    lines: list[str] = []
    for text in texts:
        text = text.removeprefix(prefix)
        lines += _lines(text) if text else [""]
    return "\n".join(lines).rstrip("\n")


def _without_marks(text: str) -> str:
    if text.startswith("/**"):
        return text[3:].removesuffix("*/").rstrip()
    return text.lstrip("/").rstrip()


def _indent(text: str) -> int:
    return next((i for i, c in enumerate(text) if c not in _ASCII_SPACE), len(text))


def _lines(text: str) -> list[str]:
    """Lines end with LF or CR LF; a lone CR is text."""
    return [line.removesuffix("\r") for line in text.split("\n")]
