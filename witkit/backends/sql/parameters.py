"""The parameters of a statement: `$1`, `$2`, …, or `?` for each value in order.

Only the places of parameters are rewritten, for databases that spell them in another way. Values are never put into a
statement. Strings, quoted names and comments have no parameters, and databases differ in how they write these. If a
parameter is found where the database sees none, it reports a wrong number of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from witkit.backends.failure import Failure, Kind

_NAME: Final = r"[^\W\d][\w$]*"
"""A name or a keyword. A `$` within it does not begin a parameter."""
_QUOTED: Final = r"""'(?:[^']|'')*'|"(?:[^"]|"")*\""""
_COMMENT: Final = r"/\*.*?(?:\*/|\Z)"
_NUMBER: Final = r"\$(?P<number>\w+)"


def _pattern(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(parts), re.DOTALL)


SQLITE: Final = _pattern(
    _QUOTED,
    r"`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*",
    _COMMENT,
    _NAME,
    _NUMBER,
    r"(?P<mark>\?\d*)|(?P<other>[:@][A-Za-z_]\w*)",
)
POSTGRESQL: Final = _pattern(
    r"[eE]'(?:[^'\\]|\\.|'')*'|(?P<dollar>\$(?:[^\W\d]\w*)?\$)|--[^\n]*|(?P<comment>/\*)",
    _QUOTED,
    _NAME,
    _NUMBER,
    r"(?P<operator>\?\?)|(?P<mark>\?)",
)
MARIADB: Final = _pattern(
    r"""'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|#[^\n]*|--(?=\s|\Z)[^\n]*""",
    _COMMENT,
    _NAME,
    _NUMBER,
    r"(?P<mark>\?)",
)
SHORT: Final = 4096
"""The longest statement, in characters, whose parameters are remembered."""
_EDGE: Final = re.compile(r"/\*|\*/")


def bound(text: str, values: Sequence[str]) -> dict[str, str] | tuple[str, ...]:
    """The values as sqlite3 takes them: by name for `$1` (which is named `1`), in order for `?`.

    This and the functions below raise Failure (INVALID_REQUEST) unless the parameters for n values are `$1` to `$n`, or
    n times `?`.
    """
    found = _parameters(SQLITE, text)
    if _has_marks(found, len(values)):
        return tuple(values)
    return _numbered({token["number"] for token in found}, values)


def for_postgresql(text: str, values: Sequence[str]) -> str:
    """The statement with `$1`, `$2`, … for PostgreSQL, which takes the values in order.

    PostgreSQL has operators with question marks. So `?` is a parameter only in a statement that has no `$1` and is
    given values; in such a statement, the operator is written `??`.
    """
    found = _parameters(POSTGRESQL, text)
    numbers = {token["number"] for token in found if token["number"]}
    marks = [token for token in found if token["mark"]]
    if numbers or not values or not marks:
        _numbered(numbers, values)
        return text
    _check_count(len(marks), len(values))
    count = iter(range(1, len(marks) + 1))
    return _replaced(text, [(token, f"${next(count)}" if token["mark"] else "?") for token in found])


def for_mariadb(text: str, values: Sequence[str]) -> tuple[str, list[str]]:
    """The statement with one `?` per value, and the values in that order."""
    found = _parameters(MARIADB, text)
    if _has_marks(found, len(values)):
        return text, list(values)
    given = _numbered({token["number"] for token in found}, values)
    return _replaced(text, [(token, "?") for token in found]), [given[token["number"]] for token in found]


def _parameters(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str], ...]:
    """The parameters of a statement. Programs run the same short statements again and again."""
    return _remembered(pattern, text) if len(text) <= SHORT else tuple(_found(pattern, text))


@lru_cache(maxsize=256)
def _remembered(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str], ...]:
    return tuple(_found(pattern, text))


def _found(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    position = 0
    while found := pattern.search(text, position):
        position = found.end()
        if found.lastgroup == "comment":
            position = _end_of_comment(text, position)
        elif found.lastgroup == "dollar":
            # A text between `$tag$` and `$tag$`. Without its end, it is the rest of the statement.
            end = text.find(found[0], position)
            position = len(text) if end < 0 else end + len(found[0])
        elif found.lastgroup:
            yield found


def _end_of_comment(text: str, position: int) -> int:
    """The end of a comment that may have comments in it, from after its first `/*`."""
    depth = 1
    for edge in _EDGE.finditer(text, position):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    return len(text)


def _replaced(text: str, changes: Sequence[tuple[re.Match[str], str]]) -> str:
    parts, position = [], 0
    for token, new in changes:
        parts += [text[position : token.start()], new]
        position = token.end()
    return "".join([*parts, text[position:]])


def _has_marks(found: Sequence[re.Match[str]], values: int) -> bool:
    """Whether the parameters are `?`, one for each value."""
    parameters = [token[0] for token in found]
    for parameter in parameters:
        if parameter[0] in ":@" or (parameter[0] == "?" and len(parameter) > 1):
            raise _wrong(f"unknown parameter `{parameter}`: write `$1`, `$2`, … or `?`")
    if "?" not in parameters:
        return False
    if any(parameter != "?" for parameter in parameters):
        raise _wrong("the statement mixes `?` and `$1`: use one kind of parameters")
    _check_count(len(found), values)
    return True


def _check_count(parameters: int, values: int) -> None:
    if parameters != values:
        raise _wrong(f"the statement has {parameters} parameters `?`, but {values} values are given")


def _numbered(used: set[str], values: Sequence[str]) -> dict[str, str]:
    given = {str(position): value for position, value in enumerate(values, 1)}
    for name in sorted(used - given.keys()):
        raise _wrong(f"the statement has a parameter ${name}, but {len(values)} values are given")
    for name in sorted(given.keys() - used, key=int):
        raise _wrong(f"{len(values)} values are given, but the statement has no parameter ${name}")
    return given


def _wrong(message: str) -> Failure:
    return Failure(Kind.INVALID_REQUEST, message)
