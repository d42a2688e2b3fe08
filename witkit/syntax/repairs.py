"""The search for a repair: of all that could explain an error, the one after which most can be read."""

from __future__ import annotations

from collections.abc import Iterator

from witkit.syntax.idioms import idioms
from witkit.syntax.insertions import insertions, keywords, removals, substitutions, transpositions
from witkit.syntax.repair import Repair, Site, is_keyword
from witkit.syntax.tokens import Token, begins_line

_ENOUGH = 3
"""What a repair must be able to read to count as right; less only at the end of the text."""
_SURE = 1
"""The same for a sure repair, which knows more than that it fits."""
_FAR = 60
"""What a repair is read on for, to be compared with others: this bounds the work for one error."""


def find(site: Site) -> Repair | None:
    """The best repair for an error: the first sure one, else the one that reads furthest for its cost."""
    best, furthest = None, -_FAR
    for repair in _candidates(site):
        if site.at + repair.removed >= len(site.tokens) and repair.removed:
            continue  # nothing replaces the end
        reach, lacks = _reach(site, repair)
        if reach < min(_SURE if repair.sure else _ENOUGH, len(site.tokens) - site.at - repair.removed):
            continue
        if repair.sure:
            return repair
        worth = min(reach + repair.removed, _FAR) - repair.cost - lacks
        if worth > furthest:
            best, furthest = repair, worth
        if worth == _FAR:
            break
    return best


def _candidates(site: Site) -> Iterator[Repair]:
    yield from idioms(site)
    yield from keywords(site)
    yield from insertions(site)
    yield from substitutions(site)
    yield from transpositions(site)
    yield from removals(site)


def _reach(site: Site, repair: Repair) -> tuple[int, int]:
    """How many tokens after a repair can be read (-1 if it does not fit itself), and before how many a mark lacks.

    Who forgets one `;` forgets others: at the end of a line a mark may be missing.
    """
    tokens, first, added = site.tokens, site.at + repair.removed, len(repair.tokens)
    wanted = [t.type for t in repair.tokens]
    wanted += [_meant(tokens, i) for i in range(first, min(first + _FAR, len(tokens)))]
    lacks: set[int] = set()

    def may_lack(index: int) -> bool:
        at = first + index - added
        if index <= added or not begins_line(tokens, at):
            return False
        lacks.add(index)
        return True

    taken = site.driver.takes(wanted, back=repair.undo, may_lack=may_lack)
    return (taken - added if taken >= added else -1), len(lacks)


def _meant(tokens: list[Token], at: int) -> str:
    """The kind of a token to come. A keyword before `:` will be read as the name that it was meant to be."""
    token = tokens[at]
    is_name = at + 1 < len(tokens) and tokens[at + 1].type == "COLON" and is_keyword(token)
    return "ID" if is_name else token.type
