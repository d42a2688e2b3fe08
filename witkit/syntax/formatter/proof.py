"""The proof that formatting has changed nothing but the layout of a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from witkit.syntax.comments import Comments
from witkit.syntax.nodes import Comment, File
from witkit.syntax.tokens import Token
from witkit.text import Source, WitkitError, error

DEFECT = "WIT0123"

_CLOSING = frozenset({"RPAR", "RBRACE", "MORETHAN"})


def prove(old: File, tokens: Sequence[Token], text: str, again: Callable[[File], str]) -> None:
    """Raise WitkitError unless `text` has the tokens and comments of `old`, each comment at the same node, and is as
    `again` lays it out. Commas before a closing bracket count for nothing, nor do blanks at the end of a comment."""
    from witkit.syntax.parser import parse_tokens

    parsed, new_tokens = parse_tokens(Source(old.source.name, text))
    if parsed.diagnostics:
        raise _defect(old, "the result does not parse")
    before, after = _Content(old, tokens), _Content(parsed.file, new_tokens)
    if before.texts != after.texts:
        raise _defect(old, "tokens or comments would change")
    if before.owners() != after.owners():
        raise _defect(old, "a comment would belong to something else")
    if again(parsed.file) != text:
        raise _defect(old, "formatting the result would change it again")


class _Content:
    """What is not layout: the tokens and comments of a file, in order, without optional commas."""

    def __init__(self, file: File, tokens: Sequence[Token]) -> None:
        self._file = file
        self.texts: list[str] = []
        self._starts: list[int] = []
        whole, add, add_start = file.source.text, self.texts.append, self._starts.append
        for token in _needed(tokens):
            for comment in token.comments or ():
                add(_text(comment))
                add_start(comment.span.start)
            add(whole[token.start : token.end])
            add_start(token.start)

    def owners(self) -> list[tuple[str, str, int, int]]:
        """Of each comment: where it is, and which node it belongs to, by its kind and the numbers of its tokens."""
        return [
            (
                each.position,
                type(each.node).__name__,
                bisect_left(self._starts, each.node.span.start),
                bisect_left(self._starts, each.node.span.end),
            )
            for each in Comments(self._file)
        ]


def _needed(tokens: Sequence[Token]) -> list[Token]:
    """All tokens but the commas that only a closing bracket follows; their comments go to the bracket."""
    found: list[Token] = []
    for token in tokens:
        if token.type in _CLOSING and found and found[-1].type == "COMMA":
            comma = found.pop()
            if comma.comments:
                token.comments = [*comma.comments, *(token.comments or ())]
        found.append(token)
    return found


def _text(comment: Comment) -> str:
    return comment.text.replace("\r\n", "\n").rstrip()


def _defect(file: File, what: str) -> WitkitError:
    message = f"this file was left as it is, because of a defect of witkit: {what}"
    help = "please report it with this file"
    return WitkitError([error(DEFECT, message, file.source.span(0, 0), help=help)])
