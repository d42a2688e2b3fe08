"""What a name, a version and a character may be: the rules below the grammar."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from witkit.syntax import habits
from witkit.syntax.keywords import identifier
from witkit.syntax.tokens import Token
from witkit.text import Diagnostic, Source, Span, error

UNEXPECTED_CHARACTER = "WIT0102"
FORBIDDEN_CHARACTER = "WIT0104"
BAD_NAME = "WIT0105"
BAD_VERSION = "WIT0106"

_BIDI = "\u202a-\u202e\u2066-\u2069"
_DISCOURAGED = "\u0149\u0673\u0f77\u0f79\u17a3\u17a4\u17b4\u17b5"
FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{_BIDI}{_DISCOURAGED}\ud800-\udfff]")
_MOST_FORBIDDEN = 20  # a binary file would give thousands

_VERSION_WORD = re.compile("[A-Za-z][0-9A-Za-z-]*")
_LARGEST_NUMBER = 2**64 - 1
_LONGEST_NUMBER = len(str(_LARGEST_NUMBER))
_MOST_SHOWN = 12

_AFTER = re.compile(r"\s*(\S)")
_AFTER_NAMES = frozenset(":/.@{=")
_BEFORE_TYPES = frozenset({"LESSTHAN", "LPAR", "ARROW", "EQUAL", "COLON"})
_HEADS = (["INTERFACE", "ID"], ["WORLD", "ID"])
_FURTHEST = 100


def forbidden_characters(source: Source) -> list[Diagnostic]:
    """Characters that are allowed nowhere, comments included: they make text look like what it is not."""
    found: list[Diagnostic] = []
    for match in FORBIDDEN.finditer(source.text):
        if len(found) == _MOST_FORBIDDEN:
            break
        span = source.span(match.start(), match.end())
        found.append(error(FORBIDDEN_CHARACTER, _forbidden(match.group()), span, help="remove it"))
    return found


def is_forbidden(character: str) -> bool:
    """Whether a character is allowed nowhere."""
    return FORBIDDEN.match(character) is not None


def unexpected_character(character: Span) -> Diagnostic:
    """A character that begins nothing."""
    text = character.text
    shown = text if text.isprintable() else f"U+{ord(text):04X}"
    if text == "\r":
        return error(UNEXPECTED_CHARACTER, "a carriage return without a line feed", character, help="end lines with LF")
    help = habits.MARKS.get(text) or _other_character(text)
    return error(UNEXPECTED_CHARACTER, f"unexpected character `{shown}`", character, help=help)


def _other_character(text: str) -> str:
    """What to write instead of a character that looks like another one, or like nothing."""
    if text in habits.WIDE_MARKS:
        return f"write `{habits.WIDE_MARKS[text]}`"
    category = unicodedata.category(text)
    if category in {"Zs", "Zl", "Zp"}:
        return "write a plain space, or a new line"
    if category in {"Mn", "Mc", "Me"}:
        return "names are words of lower-case letters and digits, joined by `-`"
    return "remove it: nobody can see it" if category == "Cf" else "remove it: only comments and strings can have it"


def _forbidden(character: str) -> str:
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        return f"U+{code:04X} is half of a surrogate pair, no character"
    if re.match(f"[{_BIDI}]", character):
        return f"U+{code:04X} changes the direction of the text around it, which can hide what it says"
    if character in _DISCOURAGED:
        return f"Unicode discourages the use of U+{code:04X}"
    return f"control character U+{code:04X} is not allowed"


def bad_name(word: Span, before: Sequence[Token]) -> Diagnostic:
    """Why a word is not a valid name, and the nearest valid name. `before` are the tokens before it."""
    text = word.text.removeprefix("%")
    odd = next((c for c in text if not re.match("[0-9a-zA-Z-]", c)), None)
    if before and before[-1].type == "INT" and before[-1].end == word.start:
        return error(BAD_NAME, f"`{text}` cannot be part of a number", word, help="write the digits alone: `1000`")
    if not text:
        return error(
            BAD_NAME, "`%` has to be followed by a name", word, help="write a name directly after it, or remove it"
        )
    if odd is not None:
        message = f"{odd!r} is not allowed in a name"
    elif re.search(r"^-|--|-$", text):
        message = f"`{text}` has nothing before or after one of its `-`"
    else:
        message = f"`{text}` mixes upper and lower case within a word"
    after = _AFTER.match(word.source.text, word.end)
    following = after[1] if after is not None else ""
    is_type = _is_type(before, following)
    if is_type and (other := habits.GENERICS.get(text.lower()) or habits.type_for(text)):
        return error(BAD_NAME, message, word, help=f"for a type of this name write `{other}`")
    return error(BAD_NAME, message, word, help=_better_name(text, is_keyword=is_type or following.isalpha()))


def _is_type(before: Sequence[Token], following: str) -> bool:
    """Whether a type is meant, not a name for something new: by the tokens before a word and the character after it."""
    if following == "<" or following.isalpha():
        return following == "<" or not _begins_definition(before)
    if following in _AFTER_NAMES or not before or (len(before) > 2 and before[-3].type == "PACKAGE"):
        return False
    return before[-1].type in _BEFORE_TYPES or (before[-1].type == "COMMA" and _is_argument(before))


def _begins_definition(before: Sequence[Token]) -> bool:
    """Whether the word that follows these tokens can be a keyword with a capital, as in `Record name {`."""
    return not before or before[-1].type in {"SEMICOLON", "RBRACE"} or [t.type for t in before[-3:-1]] in _HEADS


def _is_argument(before: Sequence[Token]) -> bool:
    """Whether the last of these tokens is between `<` and `>`, or `(` and `)`."""
    depth = 0
    for token in reversed(before[-_FURTHEST:]):
        depth += (token.type in {"LESSTHAN", "LPAR"}) - (token.type in {"MORETHAN", "RPAR"})
        if depth > 0 or token.type in {"LBRACE", "RBRACE", "SEMICOLON"}:
            return depth > 0
    return False


def _better_name(text: str, *, is_keyword: bool) -> str:
    apart = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", _without_accents(text))
    words = [w for w in re.split(r"[^0-9a-zA-Z]+", apart.lower()) if w]
    rule = "names are words of lower-case letters and digits, joined by `-`"
    if not words or not words[0][0].isalpha():
        return rule
    name = "-".join(words)
    return f"{rule}: write `{name if is_keyword else identifier(name)}`"


def _without_accents(text: str) -> str:
    """The text with plain letters where Unicode knows them: `größe` is `grosse`."""
    from unicodedata import combining, normalize

    return "".join(each for each in normalize("NFKD", text.replace("ß", "ss")) if not combining(each))


def check_version(version: Span, keywords: dict[str, str]) -> Diagnostic | None:
    """What is wrong with a version that has the right shape, if anything (semver.org, 2.0.0)."""
    core, _, build = version.text.partition("+")
    core, dash, pre = core.partition("-")
    numbers = core.split(".")
    numeric = [part for part in pre.split(".") if part.isdigit()]
    for number in [*numbers, *numeric]:
        if len(number) > 1 and number[0] == "0":
            shown = number if len(number) <= _MOST_SHOWN else f"{number[:_MOST_SHOWN]}…"
            message = f"the number `{shown}` of a version begins with a zero"
            return error(BAD_VERSION, message, version, help="write it without the zero")
    for number in numbers:
        if len(number) > _LONGEST_NUMBER or int(number) > _LARGEST_NUMBER:
            help = f"write at most {_LARGEST_NUMBER}"
            return error(BAD_VERSION, "the numbers of a version have to fit 64 bits", version, help=help)
    # wasm-tools allows a `-` or `+` at the end of a version and ignores it.
    labels = ([pre] if dash and (pre or build) else []) + ([build] if build else [])
    if any(part == "" for label in labels for part in label.split(".")):
        help = "write letters, digits or `-` after each `-`, `+` and `.`, as in `1.2.0-rc.1+build.5`"
        return error(BAD_VERSION, "a part of this version is empty", version, help=help)
    for part in _VERSION_WORD.findall(version.text):
        if part in keywords:
            help = "use another word there"
            return error(BAD_VERSION, f"the keyword `{part}` cannot be part of a version", version, help=help)
    return None


def plain_version(text: str) -> str:
    """A version without the `-` or `+` with nothing after it: wasm-tools accepts and drops these."""
    core, plus, build = text.partition("+")
    if core.endswith("-") and core.count("-") == 1:
        core = core[:-1]
    return core + plus + build if build else core
