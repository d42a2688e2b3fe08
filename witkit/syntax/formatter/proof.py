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
    same_lines = _line_ends(old.source.text, tokens) == _line_ends(text, new_tokens)
    before, after = _Content(old, tokens), _Content(parsed.file, new_tokens)
    if before.texts != after.texts or before.comments != after.comments:
        raise _defect(old, "tokens or comments would change")
    # Tokens and comments are the same, so an owner can only be another one where a line end has come or gone.
    if not same_lines and before.owners() != after.owners():
        raise _defect(old, "a comment would belong to something else")
    if again(parsed.file) != text:
        raise _defect(old, "formatting the result would change it again")


def _line_ends(text: str, tokens: Sequence[Token]) -> list[bool]:
    """Of each comment, whether a line ends between what is before it and the comment; the same of what follows a run
    of comments. Besides the tokens, this is all that decides what a comment belongs to."""
    found: list[bool] = []
    for number, token in enumerate(tokens):
        if token.comments:
            at = tokens[number - 1].end if number else 0
            for comment in token.comments:
                span = comment.span
                found.append("\n" in text[at : span.start])
                at = span.end
            found.append("\n" in text[at : token.start])
    return found


class _Content:
    """What is not layout: the tokens and comments of a file, in order, without optional commas. `comments` has those
    before a token by its number."""

    def __init__(self, file: File, tokens: Sequence[Token]) -> None:
        self._file = file
        text, tokens = file.source.text, _needed(tokens)
        self.texts = [text[token.start : token.end] for token in tokens]
        self.comments = [(n, [*map(_text, token.comments)]) for n, token in enumerate(tokens) if token.comments]
        self._starts = [token.start for token in tokens]

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


def _needed(tokens: Sequence[Token]) -> Sequence[Token]:
    """All tokens but the commas that only a closing bracket follows; their comments go to the bracket."""
    closing = (n for n, token in enumerate(tokens) if token.type in _CLOSING)
    commas = [n - 1 for n in closing if tokens[n - 1].type == "COMMA"]
    if not commas:
        return tokens
    for n in commas:
        if before := tokens[n].comments:
            tokens[n + 1].comments = [*before, *(tokens[n + 1].comments or ())]
    left_out = set(commas)
    return [token for n, token in enumerate(tokens) if n not in left_out]


def _text(comment: Comment) -> str:
    return comment.text.replace("\r\n", "\n").rstrip()


def _defect(file: File, what: str) -> WitkitError:
    message = f"this file was left as it is, because of a defect of witkit: {what}"
    help = "please report it with this file"
    return WitkitError([error(DEFECT, message, file.source.span(0, 0), help=help)])
