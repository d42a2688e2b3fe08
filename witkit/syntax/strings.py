"""Strings: what their escapes mean, what is wrong with them, and how a text is written as one.

They are those of WebAssembly's text format (core specification, "Strings"): `\\hh` is a byte of UTF-8.
"""

from __future__ import annotations

import re

from witkit.syntax.spelling import FORBIDDEN
from witkit.text import Diagnostic, Span, error

BAD_STRING = "WIT0107"

_HEX = "[0-9a-fA-F]"
_ESCAPE = re.compile(
    rf"""\\(?:([tnr"'\\])|u\{{({_HEX}(?:{_HEX}|_)*)(?<!_)\}}|({_HEX}{{2}}(?:\\{_HEX}{{2}})*)|(.?))""", re.DOTALL
)
_CONTROLS = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
_RAW_CONTROL = re.compile("[\t\r]")
_SIMPLE = {"t": "\t", "n": "\n", "r": "\r"}
_TO_ESCAPE = re.compile(rf'["\\\t\n\r]|{FORBIDDEN.pattern}')
_LENGTH_OF_BYTE = len(r"\hh")
_MOST_SHOWN = 12


def check(string: Span) -> Diagnostic | None:
    """The first escape or character of a closed string that means nothing; the rest is likely the same mistake."""
    text = string.text
    for match in _ESCAPE.finditer(text):
        if (wrong := _check_escape(string, match)) is not None:
            return wrong
    raw = _RAW_CONTROL.search(text)
    if raw is None:
        return None
    what = "a tab" if raw.group() == "\t" else "a carriage return"
    help = f"write it as `{_CONTROLS[raw.group()]}`"
    return error(BAD_STRING, f"{what} is not allowed in a string", _part(string, raw.start(), raw.end()), help=help)


def open_string(string: Span) -> Diagnostic:
    """A string that goes to the end of its line."""
    return error(BAD_STRING, "this string is never closed", string, help='close it with `"`')


def unquote(text: str) -> str:
    """The value of a string token; escapes that mean nothing stay as they are."""
    return _ESCAPE.sub(_unescape, text[1:-1])


def quote(value: str) -> str:
    """The string token that `unquote` gives `value` for; characters that are allowed nowhere are escaped."""
    return f'"{_TO_ESCAPE.sub(_escape, value)}"'


def _check_escape(string: Span, match: re.Match[str]) -> Diagnostic | None:
    _, scalar, run, wrong = match.groups()
    span = _part(string, match.start(), match.end())
    if wrong == "u":
        return error(BAD_STRING, r"`\u` needs a code point in braces", span, help=r"write `\u{e9}` for `é`")
    if wrong is not None:
        return error(BAD_STRING, f"`\\{wrong}` is not an escape", span, help="write a backslash as `\\\\`")
    if scalar is not None and _scalar(scalar) is None:
        shown = scalar.upper() if len(scalar) <= _MOST_SHOWN else f"{scalar[:_MOST_SHOWN].upper()}…"
        help = "code points go from 0 to D7FF and from E000 to 10FFFF"
        return error(BAD_STRING, f"U+{shown} is not a character", span, help=help)
    try:
        _bytes(run or "").decode()
    except UnicodeDecodeError as e:
        start = match.start() + e.start * _LENGTH_OF_BYTE
        bad = _part(string, start, start + (e.end - e.start) * _LENGTH_OF_BYTE)
        help = r"write the character itself, or its code point: `\u{…}`"
        return error(BAD_STRING, f"`{bad.text}` is not UTF-8: {e.reason}", bad, help=help)
    return None


def _part(string: Span, start: int, end: int) -> Span:
    return string.source.span(string.start + start, string.start + end)


def _scalar(digits: str) -> str | None:
    """The character of a code point in hexadecimal digits; None if there is none."""
    digits = digits.replace("_", "").lstrip("0")
    value = int(digits or "0", 16) if len(digits) <= len("10ffff") else -1
    return chr(value) if 0 <= value < 0xD800 or 0xDFFF < value <= 0x10FFFF else None


def _bytes(run: str) -> bytes:
    r"""The bytes of a run of escapes, of which the first `\` is missing."""
    return bytes.fromhex(run.replace("\\", ""))


def _unescape(match: re.Match[str]) -> str:
    simple, scalar, run, _ = match.groups()
    if simple is not None:
        return _SIMPLE.get(simple, simple)
    if run is not None:
        return _bytes(run).decode(errors="replace")
    return (_scalar(scalar) if scalar is not None else None) or match.group()


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in '"\\':
        return f"\\{character}"
    return _CONTROLS.get(character) or f"\\u{{{ord(character):x}}}"
