"""A repair as edits of the text, for programs that apply them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from witkit.syntax.keywords import identifier
from witkit.syntax.repair import Placeholder, Repair, Site, spelling_of
from witkit.syntax.tokens import Token
from witkit.text import Edit, Fix, Source

_NO_BLANK_BEFORE = (",", ";", ">", ")", ":", "<", "(", ".")
_BLANK_AFTER = (":", ",", "->", "=", ";")
_BLANK_BEFORE = ("->", "=", "{")


def fix(site: Site, repair: Repair) -> Fix | None:
    """The smallest edits that do what the repair does; None if it is not advice, or needs an unknown name."""
    if not repair.is_advice or any(isinstance(token, Placeholder) for token in repair.tokens):
        return None
    old = site.tokens[site.first_undone(repair) : site.at + repair.removed]
    edits = tuple(_joined(_edits(site, old, repair.tokens)))
    # What the writer meant is a guess.
    return Fix(repair.help, edits, is_safe=False) if edits else None


def _edits(site: Site, old: Sequence[Token], new: Sequence[Token]) -> Iterator[Edit]:
    """What turns the text of the old tokens into that of the new ones; tokens that stay are left as they are."""
    source = site.token.source
    end = old[0].start if old else site.before.end if site.before else 0
    added: list[Token] = []
    rest = list(old)
    for token in new:
        kept = next((i for i, each in enumerate(rest) if each.start == token.start < token.end), None)
        if kept is None:
            added.append(token)
            continue
        if added or kept:
            start, stop = (rest[0].start, rest[kept - 1].end) if kept else (end, end)
            yield _edit(source, start, stop, _spelled(added))
        if (said := _text_of(token)) != rest[kept].text:
            yield _edit(source, rest[kept].start, rest[kept].end, said)
        end, added = rest[kept].end, []
        del rest[: kept + 1]
    if added or rest:
        yield _edit(source, *((rest[0].start, rest[-1].end) if rest else (end, end)), _spelled(added))


def _joined(edits: Iterator[Edit]) -> Iterator[Edit]:
    """The edits, with those that touch each other made one: then their order does not matter."""
    last: Edit | None = None
    for edit in edits:
        if last is not None and last.span.end == edit.span.start:
            last = Edit(last.span.to(edit.span), last.text + edit.text)
            continue
        if last is not None:
            yield last
        last = edit
    if last is not None:
        yield last


def _edit(source: Source, start: int, end: int, text: str) -> Edit:
    """A replacement with the blanks that it needs, and without those that nothing needs any more."""
    before, after = source.text[start - 1 : start], source.text[end : end + 1]
    if not text:
        if before in {"", "\n"} and after == "\n":
            end += 1
        elif not before.strip() and after in {"", "\n", *",;)>:"}:
            start -= len(source.text[:start]) - len(source.text[:start].rstrip(" \t"))
        elif not before.strip() or before in "(<{":
            end += len(source.text[end:]) - len(source.text[end:].lstrip(" \t"))
        return Edit(source.span(start, end), "")
    if text.startswith(_NO_BLANK_BEFORE[:5]) and start < end:
        start -= len(source.text[:start]) - len(source.text[:start].rstrip(" \t"))
    elif before.strip() and (
        text.startswith(_BLANK_BEFORE) or (text[0].isalnum() and (before.isalnum() or before in ":,>"))
    ):
        text = f" {text}"
    if (after.isalnum() or after == "%") and (text[-1].isalnum() or text.endswith(_BLANK_AFTER)):
        text += " "
    return Edit(source.span(start, end), text)


def _spelled(tokens: Sequence[Token]) -> str:
    """The text of tokens that are in no text, with the blanks between them."""
    text = ""
    for word in map(_text_of, tokens):
        apart = (text[-1:].isalnum() or text.endswith(("{", "}", ")"))) and not word.startswith(_NO_BLANK_BEFORE)
        apart = apart or (text.endswith(_BLANK_AFTER) and not word.startswith(_NO_BLANK_BEFORE[:5]))
        text += f" {word}" if apart else word
    return text


def _text_of(token: Token) -> str:
    if token.type == "ID":
        return identifier(token.text)
    if token.type in {"SEMVER", "INT", "QUOTED"}:
        return token.text
    return spelling_of(token.type)
