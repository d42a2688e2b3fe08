"""What characters that WIT does not have were meant for: `&str`, `u8[]`, `a?: t`, `'name'`.

Characters that belong to one mistake are one finding.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from witkit.syntax import habits
from witkit.syntax.idioms.lists import GENERICS
from witkit.syntax.repair import CLOSING, FURTHEST, Respelled
from witkit.syntax.spelling import UNEXPECTED_CHARACTER
from witkit.syntax.tokens import Scan, Token
from witkit.syntax.words import NAMES
from witkit.text import Diagnostic, Span


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What a text that begins with a strange character is for.

    `before` has to match what is directly before it. `help` may use the groups of both: `{0}` is the text before,
    `{1}` the first group of the pattern. `left_out` are the groups whose tokens are not read.
    """

    pattern: re.Pattern[str]
    help: str
    before: re.Pattern[str] = re.compile("")
    left_out: tuple[int, ...] = ()


_TYPE = r"[\w%-]+(?:<[^<>\n]*>)?"
_LAST_TYPE = re.compile(rf"({_TYPE})[ ]*$")
_NO_REFERENCES = (
    "WIT has no references and no pointers: a resource is lent by `borrow<…>`, and everything else is copied"
)
_MEANINGS = (
    _Meaning(re.compile(r"&\s*(?:mut\s+)?self\s*,?"), "remove it: a method has `self` already", left_out=(0,)),
    _Meaning(re.compile(r"&\s*('\w+\s*)?(mut\s+)?(?:str|String)\b"), "WIT has no references: write `string`"),
    _Meaning(re.compile(r"&\s*('\w+\s*)?(mut\s+)?"), _NO_REFERENCES, left_out=(1, 2)),
    _Meaning(re.compile(r"(''')([\s\S]*?)\1"), "a comment begins with `//`", left_out=(2,)),
    _Meaning(re.compile(r"(['`])([\w%:/@.-]*)\1"), "names and types are written without quotes"),
    _Meaning(re.compile(r"[\u2018-\u201e]([\w%:/@.-]*)[\u2018-\u201e]"), "names and types are written without quotes"),
    _Meaning(re.compile(r"('\w+)"), "WIT has no lifetimes: remove it", left_out=(1,)),
    _Meaning(re.compile(r"\[\s*()\]"), "a list is written `list<{0}>`", _LAST_TYPE),
    _Meaning(re.compile(r"\[\s*(\d+)\s*\]"), "a list of that length is written `list<{0}, {1}>`", _LAST_TYPE, (1,)),
    _Meaning(re.compile(r"\[([^\[\]\n]*)\]"), "the parts of a type are written between `<` and `>`: `{0}<{1}>`",
             re.compile(r"\b(list|option|tuple|result|map|stream|future)$")),
    _Meaning(re.compile(rf"\[\s*({_TYPE})\s*(;\s*(\d+)\s*)\]"), "a list of that length is written `list<{1}, {3}>`",
             left_out=(2,)),
    _Meaning(re.compile(rf"\[\s*({_TYPE})\s*\]"), "a list is written `list<{1}>`"),
    _Meaning(re.compile(r"\[[^\[\]\n]*\]\s*:[^,;}\n]*"), "a map is a field of its own: `name: map<…, …>`",
             left_out=(0,)),
    _Meaning(re.compile(r"\[([^\[\]\n]*)\]"), habits.MARKS["["]),
    _Meaning(re.compile(rf"\?\s*:\s*({_TYPE})"), "what may be missing is an option: `{0}: option<{1}>`", _LAST_TYPE),
    _Meaning(re.compile(r"\?"), "what may be missing is an option: `option<{0}>`", _LAST_TYPE),
    _Meaning(re.compile(r"\|\s*(null|undefined|none)\b"), "what may be missing is an option: `option<{0}>`", _LAST_TYPE,
             (1,)),
    _Meaning(re.compile(r'\|(?:\s*"[^"\n]*"\s*\|?)+'), "", re.compile(r'"\s*$')),
    _Meaning(re.compile(rf"\|(\s*{_TYPE}\s*(?:\|\s*{_TYPE}\s*)*)"), "one of several types is a `variant`",
             left_out=(1,)),
    _Meaning(re.compile(r"#\s*include\b"), "WIT has no preprocessor: types come in by `use interface.{{name}};`"),
    _Meaning(re.compile(r"#\s*(?:define|if|ifdef|ifndef|endif|pragma)\b"), "WIT has no preprocessor: remove the line"),
    _Meaning(re.compile(r"#!?\["), "WIT has no such attributes: remove the line"),
    _Meaning(re.compile(r"--([^\n]*)"), "a comment begins with `//`", re.compile(r"(?:^|\n)[ \t]*$"), (1,)),
    _Meaning(re.compile(r"-+\s*[>\uff1e]"), "an arrow is written `->`"),
    _Meaning(re.compile(r"-+(?=\s*[\w%])"), "an arrow is written `->`", re.compile(r"\)\s*$")),
    _Meaning(re.compile(r"-(?=[a-zA-Z])"), "a name begins with a letter: remove `-`"),
    _Meaning(re.compile(r"-(\d+)"), "a number has no sign: write `{1}`"),
    _Meaning(re.compile(r"\*(/)"), "no comment is open here: remove `*/`", left_out=(1,)),
    _Meaning(re.compile(r"\*"), "name what is meant: `{0} name;`", re.compile(r"\b(import|export|include)\s+$")),
    _Meaning(re.compile(r"\*+"), _NO_REFERENCES, _LAST_TYPE),
    _Meaning(re.compile(r"\*+"), _NO_REFERENCES, re.compile(r"[:<(,>]\s*$")),
)  # fmt: skip
_HEAD = re.compile(r"\b(?:interface|world|record|variant|enum|flags|resource)\s+[\w%-]+\s*$")
_STRING = re.compile(r"'([^'\"\\\n]*)'")
_BEFORE_STRING = re.compile(r"@external-id\s*\(\s*$")
_FURTHEST = 80
"""How much of the text before a character is looked at."""


def explain(scan: Scan) -> None:
    """Say of each strange character what to write instead, once for those that belong together."""
    kept: list[Diagnostic] = []
    end = -1
    has_returns = False
    for found in scan.diagnostics:
        if found.code != UNEXPECTED_CHARACTER or found.primary is None:
            kept.append(found)
        elif found.primary.text == "\r":
            # One editor has ended all lines like that.
            kept += [] if has_returns else [found]
            has_returns = True
        elif found.primary.start >= end:
            explained, end = _explained(scan, found, found.primary.start)
            kept += [explained] if explained else []
    scan.diagnostics[:] = kept


def _explained(scan: Scan, found: Diagnostic, start: int) -> tuple[Diagnostic | None, int]:
    """The finding with its help, if there is something to say, and where the text ends that it explains."""
    source = scan.tokens[-1].source
    text, before = source.text, source.text[max(start - _FURTHEST, 0) : start]
    if before.endswith(("use ", "use")) and text[start] == "*":
        return found, start + 1
    if (string := _STRING.match(text, start)) is not None and _BEFORE_STRING.search(before):
        _leave_out(scan.tokens, start, string.end())
        _insert(scan.tokens, Token("QUOTED", source, start, string.end()))
        help = f'a string is written `"{string[1]}"`'
        return replace(found, primary=source.span(start, string.end()), help=help), string.end()
    if text[start] == "[" and _HEAD.search(before) and (end := text.find("]", start)) > 0:
        for at in (start, end):
            _put_in(scan.tokens, source.span(at, at + 1))
        return replace(found, help="write `{` instead of `[`"), end + 1
    for meaning in _MEANINGS:
        match, last = meaning.pattern.match(text, start), meaning.before.search(before)
        if match is None or last is None:
            continue
        for group in meaning.left_out:
            _leave_out(scan.tokens, *match.span(group))
        if not meaning.help:
            return None, match.end()
        help = meaning.help.format(last.group(last.lastindex or 0), *match.groups())
        return replace(found, primary=source.span(start, match.end()), help=help), match.end()
    _put_in(scan.tokens, source.span(start, start + 1))
    return found, start + 1


def _put_in(tokens: list[Token], place: Span) -> None:
    """Read a bracket that WIT does not have, and that has no partner, as the one that is due.

    A mark of another width, as keyboards for Chinese and Japanese have it, is read as the mark.
    """
    mark = place.text
    if mark not in "[]" and mark not in habits.WIDE_MARKS:
        return
    at = bisect_left(tokens, place.start, key=lambda token: token.start)
    if mark in habits.WIDE_MARKS:
        kind = next((kind for kind, name in NAMES.items() if name == f"`{habits.WIDE_MARKS[mark]}`"), "")
    elif mark == "[":
        kind = "LESSTHAN" if at and tokens[at - 1].type in GENERICS else "LBRACE"
    else:
        kind = next((CLOSING[t.type] for t in _open_before(tokens, at)), "")
    if kind:
        _insert(tokens, Respelled(kind, place.source, place.start, place.end))


def _insert(tokens: list[Token], token: Token) -> None:
    tokens.insert(bisect_left(tokens, token.start, key=lambda each: each.start), token)


def _open_before(tokens: list[Token], at: int) -> Iterator[Token]:
    """The brackets that are open at `tokens[at]`, the nearest first."""
    depth = 0
    for token in reversed(tokens[max(at - FURTHEST, 0) : at]):
        depth += (token.type in CLOSING.values()) - (token.type in CLOSING)
        if depth < 0:
            yield token
            depth = 0


def _leave_out(tokens: list[Token], start: int, end: int) -> None:
    """Drop the tokens of a stretch of text."""
    if start < end:
        tokens[:] = [token for token in tokens if not (start <= token.start < end and token.type != "$END")]
