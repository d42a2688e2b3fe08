"""Edits that fixes are made of."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.text import Edit, Span


def replace(span: Span, text: str) -> Edit:
    """Another text for a stretch."""
    return Edit(span, text)


def remove(span: Span) -> Edit:
    """Without a stretch. If its lines have nothing else, they go as a whole, else the space before it goes too."""
    text = span.source.text
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    start = span.start - len(before) + len(before.rstrip(" \t"))
    line_end = text.find("\n", span.end)
    end = len(text) if line_end < 0 else line_end + 1
    if text[span.end : end].strip():
        return Edit(Span(span.source, span.start, span.end), "")
    if start and text[start - 1] != "\n":
        return Edit(Span(span.source, start, span.end), "")
    return Edit(Span(span.source, start, end), "")


def remove_element(elements: Sequence[Span], number: int) -> Edit:
    """Without one of several elements that commas separate, and without the comma that it does not need any more."""
    span = elements[number]
    if number + 1 < len(elements):
        return Edit(Span(span.source, span.start, elements[number + 1].start), "")
    return Edit(Span(span.source, elements[number - 1].end, span.end), "")


def line_above(span: Span, text: str) -> Edit:
    """A line before the one that `span` begins, indented as that; before the span itself if it is not first there.

    A comment `//` gets a line of its own in any case: it would make a comment of what comes after it.
    """
    whole, start = span.source.text, span.start
    before = whole[whole.rfind("\n", 0, start) + 1 : start]
    indent = before[: len(before) - len(before.lstrip())]
    if indent == before:
        new = text + line_end(whole) + indent
    elif text.startswith("//"):
        new = f"{line_end(whole)}{indent}{text}{line_end(whole)}{indent}"
    else:
        new = f"{text} "
    return Edit(Span(span.source, start, start), new)


def line_end(text: str) -> str:
    """The line end of a text: that of its first line."""
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"
