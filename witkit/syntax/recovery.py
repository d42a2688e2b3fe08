"""What happens at a syntax error: one message, then a repair, or else a jump to where reading can go on."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from witkit.syntax import hints, repairs, words
from witkit.syntax.driver import Driver
from witkit.syntax.fixes import fix
from witkit.syntax.nodes import UNKNOWN_NAME, Id, parts
from witkit.syntax.repair import FURTHEST, Placeholder, Repair, Site, indent
from witkit.syntax.tokens import Token
from witkit.text import Diagnostic, Related, Severity, error

UNEXPECTED = "WIT0103"
UNCLOSED = "WIT0111"
TOO_MANY = "WIT0114"

_MOST_ERRORS = 300
"""Text with more errors is hardly WIT, and each costs more than a thousand tokens that are right."""

_OPEN = frozenset({"LBRACE", "LPAR", "LESSTHAN"})
_CLOSE = frozenset({"RBRACE", "RPAR", "MORETHAN"})

_NAMING = words.ITEM_STARTS - {"AT", "USE", "PACKAGE"} | {"AS"}
"""What is before a name that others may refer to."""


class Recovery:
    """Keeps one parse going. `lost` are the names in what had to be left out."""

    def __init__(self, driver: Driver, tokens: list[Token], known_bad: set[int]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self.lost: list[Id] = []
        self._driver = driver
        self._tokens = tokens
        self._known_bad = known_bad
        self._bad_places = sorted(known_bad)
        self._errors = 0
        self._quiet = -1
        self._last = -1

    def recover(self, at: int) -> int:
        """Deal with the error at `tokens[at]`; the index of the token to go on with."""
        self._errors += 1
        if self._errors > _MOST_ERRORS:
            return self._give_up(at)
        site = Site(self._driver, self._tokens, at)
        repair = repairs.find(site)
        explained = self._is_known(at) or self._ends_a_broken_include(at)
        if at > self._quiet and not explained and not (repair and self._is_reported(at, repair)):
            self.diagnostics.append(self._message(site, repair))
        stuck, self._last = at == self._last, at
        if repair is None:
            return self._force(at) if stuck else self._jump(at)
        return self._apply(site, repair)

    def _apply(self, site: Site, repair: Repair) -> int:
        """Put the repair's tokens into the place of what it takes back and removes; where reading goes on."""
        at = site.at
        if repair.tokens and isinstance(repair.tokens[0], Placeholder) and at and self._tokens[at - 1].type in _NAMING:
            self.lost.append(Id(UNKNOWN_NAME, site.token.span))
        first = site.first_undone(repair)
        self._driver.cut(repair.undo)
        gone = self._tokens[first : at + repair.removed]
        self._tokens[first : at + repair.removed] = repair.tokens
        if gone and self._tokens[first].comments is None:
            self._tokens[first].comments = gone[0].comments
        self.lost += [token.id for token in repair.tokens if isinstance(token, Placeholder)]
        kept = {token.start for token in repair.tokens}
        self.lost += [token.id for token in gone if token.type == "ID" and token.start not in kept]
        return first

    def _is_known(self, at: int) -> bool:
        """Whether a lexical error is directly before or after this token, and so explains it."""
        start = self._tokens[at - 1].end if at else 0
        following = bisect_left(self._bad_places, start)
        return following < len(self._bad_places) and self._bad_places[following] <= self._tokens[at].end

    def _is_reported(self, at: int, repair: Repair) -> bool:
        """Whether a lexical error at the word before is the one that the repair would name."""
        return bool(repair.message) and self._tokens[at - repair.undo].start in self._known_bad

    def _ends_a_broken_include(self, at: int) -> bool:
        """Whether this is the `;` after the braces of an `include` that has an error before it."""
        tokens, start = self._tokens, at - 2
        if at < 2 or [t.type for t in tokens[at - 1 : at + 1]] != ["RBRACE", "SEMICOLON"] or not self.diagnostics:
            return False
        while start and at - start < FURTHEST and tokens[start].type not in {"SEMICOLON", "RBRACE", "INCLUDE"}:
            start -= 1
        last = self.diagnostics[-1].primary
        return tokens[start].type == "INCLUDE" and last is not None and last.start >= tokens[start].start

    def _message(self, site: Site, repair: Repair | None) -> Diagnostic:
        token, at, accepted = site.token, site.at, site.accepted
        message = f"expected {words.expected(accepted)}, found {words.found(token)}"
        if token.type == "$END" and (opened := self._open_brace(at)) is not None:
            related = [Related(opened.span, "this `{` is not closed")]
            return error(UNCLOSED, message, token.span, related=related, help="close it with `}`")
        edits = fix(site, repair) if repair else None
        if repair and repair.message:
            found = error(UNEXPECTED, repair.message, self._tokens[at - repair.undo].span, help=repair.help)
            return replace(found, fix=edits)
        before = self._tokens[max(at - 4, 0) : at][::-1]
        token = self._in_version(at) if "SEMVER" in accepted else token
        help = hints.hint(hints.ErrorContext(token, before, accepted))
        if repair and repair.help and (repair.sure or repair.tokens or not help):
            help = repair.help
        else:
            edits = None
        return replace(error(UNEXPECTED, message, token.span, help=help), fix=edits)

    def _in_version(self, at: int) -> Token:
        """Where a version that begins at `tokens[at]` stops being one, if that is on a later line; else its start."""
        stop = at
        for kind in ("INT", "DOT", "INT", "DOT", "INT"):
            if self._tokens[stop].type != kind:
                break
            stop += 1
        start, end = self._tokens[at], self._tokens[min(stop, len(self._tokens) - 1)]
        return end if "\n" in start.source.text[start.start : end.start] else start

    def _open_brace(self, at: int) -> Token | None:
        """The innermost `{` before `tokens[at]` that nothing closes."""
        depth = 0
        for token in reversed(self._tokens[:at]):
            depth += (token.type == "RBRACE") - (token.type == "LBRACE")
            if depth < 0:
                return token
        return None

    # ---- jumping --------------------------------------------------------------------------------

    def _jump(self, at: int) -> int:
        back = 0
        while not (_is_body(row := self._driver.row(back)) or _is_list(row)):
            back += 1
        if not _is_body(self._driver.row(back)):
            end = self._end_of_element(at)
            if end is not None:
                self._drop(back, at, end)
                # Before the first element no comma can be: the one that ends the broken element goes with it.
                if self._tokens[end].type == "COMMA" and not self._driver.takes(["COMMA"]):
                    return end + 1
                return end
            while not _is_body(self._driver.row(back)):
                back += 1
        end = self._end_of_item(at, back)
        self._drop(back, at, end)
        return end

    def _force(self, at: int) -> int:
        """A jump has led nowhere: leave the token out, or at the end of the file all that is open."""
        return at + 1 if self._tokens[at].type != "$END" else self._leave(at)

    def _give_up(self, at: int) -> int:
        """Leave the rest of the text out: what it defines is lost, and nothing that refers to it is reported."""
        if self._tokens[at].type != "$END":
            message = "the rest of this file is not read: too much before it does not follow the grammar"
            help = "correct the errors above, or check that this file is WIT"
            self.diagnostics.append(Diagnostic(TOO_MANY, Severity.NOTE, message, self._tokens[at].span, help=help))
        return self._leave(at)

    def _leave(self, at: int) -> int:
        """Forget all that is open, and skip everything up to the end of the file."""
        back, end = 0, len(self._tokens) - 1
        while "$END" not in (row := self._driver.row(back)) or not _is_body(row):
            back += 1
        self._drop(back, at, end)
        return end

    def _end_of_element(self, at: int) -> int | None:
        """The `,` or `}` that ends an element of a list in braces; None if the list itself is broken."""
        depth = 0
        for i in range(at, len(self._tokens)):
            kind = self._tokens[i].type
            if kind == "$END" or kind == "SEMICOLON" or self._begins_item(i):
                return None
            if depth <= 0 and kind in {"COMMA", "RBRACE"}:
                return i
            depth += (kind in _OPEN) - (kind in _CLOSE)
        return None

    def _end_of_item(self, at: int, back: int) -> int:
        """The index after a broken item whose first `back` things are on the stack."""
        dropped = self._driver.top(back)
        depth = sum(isinstance(v, Token) and v.type == "LBRACE" for v in dropped)
        row, left = self._driver.row(back), indent(self._tokens[at])
        for i in range(at, len(self._tokens)):
            token, kind = self._tokens[i], self._tokens[i].type
            if kind == "$END" or (kind == "RBRACE" and depth == 0):
                return i if kind == "$END" or "RBRACE" in row else i + 1
            if (i > at or dropped) and kind in row and self._begins_item(i) and (depth == 0 or indent(token) <= left):
                return i
            depth += (kind == "LBRACE") - (kind == "RBRACE")
            if depth == 0 and kind in {"SEMICOLON", "RBRACE"}:
                return i + 2 if kind == "RBRACE" and self._tokens[i + 1].type == "SEMICOLON" else i + 1
        raise AssertionError("the last token is the end of the file")

    def _begins_item(self, at: int) -> bool:
        """Whether an item begins here: by its keyword (which is not a name), or by its name before `: func`."""
        first, second, third = [*(t.type for t in self._tokens[at : at + 3]), "$END", "$END"][:3]
        if first in words.ITEM_STARTS:
            return second in {"ID", "LBRACE", "AT"} or second in words.ITEM_STARTS
        return first == "ID" and second == "COLON" and third in {"FUNC", "ASYNC", "STATIC"}

    def _drop(self, back: int, start: int, end: int) -> None:
        """Forget `back` things and skip the tokens up to `end`, but remember the names in all that.

        An error at `end` itself is the same mistake still, and not reported.
        """
        self._quiet = end
        dropped: list[Any] = [*self._driver.cut(back), *self._tokens[start:end]]
        for thing in dropped:
            if isinstance(thing, Token):
                if thing.type == "ID":
                    self.lost.append(thing.id)
            else:
                self.lost += names_in(thing)


def names_in(thing: object) -> list[Id]:
    """Every name inside a node, or inside lists and tuples of nodes."""
    if isinstance(thing, Id):
        return [thing]
    if isinstance(thing, list | tuple):
        return [name for part in thing for name in names_in(part)]
    return [name for part in parts(thing) for name in names_in(part)]


def _is_body(row: Mapping[str, Any]) -> bool:
    """Whether items may be here: between the braces of an interface, a world, a resource, or at the top."""
    return "AT" in row and ("RBRACE" in row or "$END" in row)


def _is_list(row: Mapping[str, Any]) -> bool:
    """Whether elements may be here: between the braces of a record, a variant, a `use`…"""
    return "RBRACE" in row and ("ID" in row or "COMMA" in row)
