"""Documentation text of an item: its comments without their marks (rule 14)."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir.model import Docs
from witkit.syntax.nodes import Comment

_ASCII_SPACE = " \t\n\r\f"


def docs_of(comments: Sequence[Comment]) -> Docs | None:
    """The text of a run of comments; None if there are none.

    All kinds of comments count, and `/* x */` keeps its first star, as the reference has it. What only `///` and
    `/** */` say is in the text's `meant`.
    """
    if not comments:
        return None
    meant = [comment for comment in comments if _is_meant(comment.text)]
    return Docs(_joined([_without_marks(comment.text) for comment in comments]), _meant_text(meant))


def _is_meant(text: str) -> bool:
    """Whether a comment is one for documentation: `///` and `/**`, but neither `////`, `/***` nor `/**/`."""
    return text.startswith(("///", "/**")) and not text.startswith(("////", "/***", "/**/"))


def _meant_text(comments: Sequence[Comment]) -> str:
    """As `_joined`, without the stars that may begin the lines of a block."""
    return _joined([_without_stars(_without_marks(comment.text)) for comment in comments])


def _without_stars(text: str) -> str:
    first, *others = text.split("\n")
    if not others or not all(line.lstrip().startswith("*") for line in others if line.strip()):
        return text
    return "\n".join([first, *(line.lstrip().removeprefix("*").removeprefix(" ") for line in others)])


def _joined(texts: list[str]) -> str:
    """Lines of all texts, their smallest common indent removed."""
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
