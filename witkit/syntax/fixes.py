"""A repair as edits of the text, for programs that apply them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from witkit.syntax.keywords import identifier
from witkit.syntax.repair import Placeholder, Repair, Site, spelling_of
from witkit.syntax.tokens import Token
from witkit.text import Edit, Fix

_CLOSING = (",", ";", ">", ")", ":")


def fix(site: Site, repair: Repair) -> Fix | None:
    """The smallest edits that do what the repair does; None if it is no advice, or needs a name that nobody knows."""
    if not repair.is_advice or any(isinstance(token, Placeholder) for token in repair.tokens):
        return None
    old = site.tokens[_first_undone(site, repair) : site.at + repair.removed]
    edits = tuple(_edits(site, old, repair.tokens))
    return Fix(repair.help, edits) if edits else None


def _first_undone(site: Site, repair: Repair) -> int:
    """The index of the first token that the repair takes back."""
    if not repair.undo:
        return site.at
    first = site.driver.top(repair.undo)[0]
    start = first.start if isinstance(first, Token) else first.span.start
    at = site.at
    while at and site.tokens[at - 1].start >= start:
        at -= 1
    return at


def _edits(site: Site, old: Sequence[Token], new: Sequence[Token]) -> Iterator[Edit]:
    """What turns the text of the old tokens into that of the new ones; tokens that stay are left as they are."""
    source = site.token.source
    end = old[0].start if old else site.tokens[site.at - 1].end if site.at else 0
    added: list[Token] = []
    rest = list(old)
    for token in [*new, None]:
        kept = next((i for i, each in enumerate(rest) if token and each.end > each.start == token.start), None)
        if token is not None and kept is None:
            added.append(token)
            continue
        gone = rest[:kept] if token is not None else rest
        stop = rest[kept].start if token is not None and kept is not None and gone else gone[-1].end if gone else end
        if added or gone:
            text = _spelled(added)
            if gone and token is not None:
                text += " " if text and text[-1].isalnum() else ""
            elif text and source.text[end - 1 : end].isalnum() and text[0].isalnum():
                text = f" {text}"
            yield Edit(source.span(gone[0].start if gone else end, stop), text)
        if token is not None and kept is not None:
            if (said := _text_of(token)) != rest[kept].text:
                yield Edit(rest[kept].span, said)
            end = rest[kept].end
            del rest[: kept + 1]
        added = []


def _spelled(tokens: Sequence[Token]) -> str:
    """The text of tokens that stand in no text, with blanks between words."""
    text = ""
    for word in map(_text_of, tokens):
        apart = text[-1:].isalnum() and (word[0].isalnum() or word[0] in "-%{")
        apart = apart or (text.endswith((":", ",", "->", ">", "{", "}")) and not word.startswith(_CLOSING))
        text += f" {word}" if apart else word
    return text


def _text_of(token: Token) -> str:
    if token.type == "ID":
        return identifier(token.text)
    if token.type in {"SEMVER", "INT", "QUOTED"}:
        return token.text
    return spelling_of(token.type)
