"""A small repair of a syntax error, and the place that it is for.

A repair replaces tokens, so that reading goes on as if the writer had made no mistake: the item that has the
error stays in the tree, and nothing that refers to it is reported in its wake.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from witkit.syntax.driver import Driver
from witkit.syntax.nodes import Id, Named
from witkit.syntax.tokens import Token, begins_line
from witkit.syntax.words import NAMES

CLOSING = {"LPAR": "RPAR", "LBRACE": "RBRACE", "LESSTHAN": "MORETHAN"}
"""Which mark closes which."""
FURTHEST = 400
"""How many tokens a repair looks at to find the end of what it is about."""


@dataclass(frozen=True, slots=True)
class Repair:
    """Replace `removed` tokens from the error on by `tokens`; `undo` things before it are taken back first.

    `help` says what the writer should do; `message` says what is wrong if that is not what is at the error.
    A `sure` repair is one that knows what the writer had in mind: it is taken before any that only fits.
    `cost` is how many more tokens it must be able to read than another one to be preferred to it.
    `is_advice` is set if following the help means what the tokens say: only then can a program do it.
    """

    tokens: tuple[Token, ...]
    removed: int
    help: str
    undo: int = 0
    message: str = ""
    sure: bool = False
    cost: int = 0
    is_advice: bool = True


class Site:
    """An error at `tokens[at]`: what is around it, and what the driver could read there."""

    def __init__(self, driver: Driver, tokens: list[Token], at: int) -> None:
        self.driver = driver
        self.tokens = tokens
        self.at = at
        self.token = tokens[at]
        self.before = tokens[at - 1] if at else None

    @cached_property
    def accepted(self) -> set[str]:
        """The terminals that could be at the error."""
        return self.driver.accepted()

    @cached_property
    def last(self) -> Token | None:
        """The token before the error, if no rule has made anything of it yet: then it can be taken back."""
        return self.before if self.before is not None and self.before is self.driver.last else None

    @cached_property
    def begins_line(self) -> bool:
        """Whether the error is at the first token of its line."""
        return begins_line(self.tokens, self.at)

    @cached_property
    def can_undo(self) -> bool:
        """Whether the token before the error can be taken back: no rule has made more than a type of it."""
        last, before = self.driver.last, self.before
        return before is not None and (last is before or (isinstance(last, Named) and last.span == before.span))

    def undo_from(self, start: int) -> int | None:
        """How many things to take back so that `tokens[start]` is read again; None if that is not possible."""
        return 0 if start == self.at else self.driver.back_to(self.tokens[start])

    def first_undone(self, repair: Repair) -> int:
        """The index of the first token that a repair takes back; that of the error if it takes back none."""
        if not repair.undo:
            return self.at
        first = self.driver.top(repair.undo)[0]
        at = self.at - 1
        while not self._begins(first, self.tokens[at]):
            at -= 1
        return at

    def _begins(self, thing: object, token: Token) -> bool:
        """Whether a thing on the stack, which is a token or a node, begins with a token."""
        if isinstance(thing, Token):
            return thing is token
        return bool(thing.span.start == token.start < token.end)  # type: ignore[attr-defined]

    def kind(self, offset: int) -> str:
        """The kind of the token `offset` after the error; that of the end for whatever is outside the text."""
        at = self.at + offset
        return self.tokens[at].type if 0 <= at < len(self.tokens) else "$END"

    def run(self, start: int, kinds: Set[str]) -> int:
        """The index after the tokens of these kinds from index `start` on; they are not followed beyond `FURTHEST`."""
        end = start
        while end - start < FURTHEST and self.tokens[end].type in kinds:
            end += 1
        return end

    def kinds(self, start: int, end: int) -> list[str]:
        """The kinds of the tokens from `start` to before `end`, counted from the error."""
        return [self.kind(offset) for offset in range(start, end)]


def closing(tokens: Sequence[Token], at: int) -> int | None:
    """The index of the mark that closes the bracket at `tokens[at]`; None if it is too far away or another one."""
    open_: list[str] = []
    for i in range(at, min(at + FURTHEST, len(tokens))):
        kind = tokens[i].type
        if kind in CLOSING:
            open_.append(CLOSING[kind])
        elif open_ and kind in CLOSING.values() and open_.pop() != kind:
            return None
        if not open_:
            return i if i > at else None
    return None


class Placeholder(Token):
    """A name that the text lacks: no text, and a name that no text can have."""

    __slots__ = ()

    @property
    def id(self) -> Id:
        return Id(f"?{self.start}", self.span)


class Respelled(Token):
    """A keyword or mark that stands for the text of another one."""

    __slots__ = ()

    @property
    def text(self) -> str:
        return spelling_of(self.type)


def retyped(token: Token, kind: str) -> Token:
    """The token as one of another kind."""
    return (Token if kind == "ID" else Respelled)(kind, token.source, token.start, token.end, token.comments)


def spelling_of(kind: str) -> str:
    """The text of a keyword or a mark."""
    return NAMES[kind].strip("`") if kind in NAMES else kind.lower()


def inserted(kind: str, token: Token, before: Token | None) -> Token:
    """A token without text, directly after `before`, or at `token` if there is nothing before."""
    at = before.end if before else token.start
    return (Placeholder if kind == "ID" else Respelled)(kind, token.source, at, at)


def is_keyword(token: Token) -> bool:
    return token.type not in {"ID", "$END"} and token.text[:1].isalpha()


def indent(token: Token | None) -> int:
    """How far the line of a token is indented."""
    if token is None:
        return 0
    text, start = token.source.text, token.source.text.rfind("\n", 0, token.start) + 1
    return len(text[start : token.start]) - len(text[start : token.start].lstrip())
