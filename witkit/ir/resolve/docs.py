"""Documentation of an item: the comments before it, without their marks.

All comments count, as in wasm-tools; their common indent and the empty lines at the end are removed.
"""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir.model import Docs
from witkit.syntax.nodes import Comment

_ASCII_SPACE = " \t\n\r\f"
_MEANT = ("///", "/**")
_NOT_MEANT = ("////", "/***", "/**/")


def docs_of(comments: Sequence[Comment]) -> Docs | None:
    """The text of a run of comments; None if there are none.

    All kinds of comments count, and `/* x */` keeps its first star, as in wasm-tools. `meant` has only the text of
    `///` and `/** */`.
    """
    if not comments:
        return None
    texts = [comment.text for comment in comments]
    words = [_without_marks(text) for text in texts]
    meant = [word for text, word in zip(texts, words, strict=True) if _is_meant(text)]
    text = _joined(words)
    if len(meant) == len(words) and not any("\n" in word for word in meant):
        return Docs(text, text)
    return Docs(text, _joined([_without_stars(word) for word in meant]))


def _is_meant(text: str) -> bool:
    """Whether a comment is meant as documentation: `///` and `/**`, but not `////`, `/***` or `/**/`."""
    return text.startswith(_MEANT) and not text.startswith(_NOT_MEANT)


def _without_stars(text: str) -> str:
    """Without the stars at the start of lines in a block comment."""
    first, *others = text.split("\n")
    if not others or not all(line.lstrip().startswith("*") for line in others if line.strip()):
        return text
    return "\n".join([first, *(line.lstrip().removeprefix("*").removeprefix(" ") for line in others)])


def _joined(texts: list[str]) -> str:
    """The lines of all texts, without their common indent."""
    indent = min((len(text) - len(text.lstrip(_ASCII_SPACE)) for text in texts if text), default=0)
    prefix = " " * indent
    lines: list[str] = []
    for text in texts:
        text = text.removeprefix(prefix)
        if "\n" in text:
            lines += _lines(text)
        else:
            lines.append(text)
    return "\n".join(lines).rstrip("\n")


def _without_marks(text: str) -> str:
    if text.startswith("/**"):
        return text[3:].removesuffix("*/").rstrip()
    return text.lstrip("/").rstrip()


def _lines(text: str) -> list[str]:
    """Lines end with LF or CR LF. A CR alone is text."""
    return [line.removesuffix("\r") for line in text.split("\n")]
