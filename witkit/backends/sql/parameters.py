"""The parameters of a statement: `$1`, `$2`, …, or `?` for each value in order.

Only the places of parameters are rewritten, for databases that spell them in another way. Values are never put into a
statement. Strings, quoted names and comments have no parameters, and databases differ in how they write these. If a
parameter is found where the database sees none, it reports a wrong number of values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, TypeVar

from witkit.backends.failure import Failure, Kind

T = TypeVar("T")

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
    if _in_order(text, len(values)):
        return tuple(values)
    return {str(number): value for number, value in enumerate(values, 1)}


def for_postgresql(text: str, values: Sequence[str]) -> str:
    """The statement with `$1`, `$2`, … for PostgreSQL, which takes the values in order.

    PostgreSQL has operators with question marks. So `?` is a parameter only in a statement that has no `$1` and is
    given values; in such a statement, the operator is written `??`.
    """
    return _with_numbers(text, len(values))


def for_mariadb(text: str, values: Sequence[str]) -> tuple[str, list[str]]:
    """The statement with one `?` per value, and the values in that order."""
    statement, order = _with_marks(text, len(values))
    return statement, [values[position] for position in order]


def _remembered(read: Callable[[str, int], T]) -> Callable[[str, int], T]:
    """Remember the results for short statements, because programs run the same ones again and again."""
    remembering = lru_cache(maxsize=256)(read)
    return lambda text, values: remembering(text, values) if len(text) <= SHORT else read(text, values)


@_remembered
def _in_order(text: str, values: int) -> bool:
    """Whether SQLite's parameters are `?`."""
    found = list(_parameters(SQLITE, text))
    if _has_marks(found, values):
        return True
    _check_numbers({token["number"] for token in found}, values)
    return False


@_remembered
def _with_numbers(text: str, values: int) -> str:
    found = list(_parameters(POSTGRESQL, text))
    numbers = {token["number"] for token in found if token["number"]}
    marks = [token for token in found if token["mark"]]
    if numbers or not values or not marks:
        _check_numbers(numbers, values)
        return text
    _check_count(len(marks), values)
    count = iter(range(1, len(marks) + 1))
    return _replaced(text, [(token, f"${next(count)}" if token["mark"] else "?") for token in found])


@_remembered
def _with_marks(text: str, values: int) -> tuple[str, tuple[int, ...]]:
    found = list(_parameters(MARIADB, text))
    if _has_marks(found, values):
        return text, tuple(range(values))
    _check_numbers({token["number"] for token in found}, values)
    return _replaced(text, [(token, "?") for token in found]), tuple(int(token["number"]) - 1 for token in found)


def _parameters(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
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


def _check_numbers(used: set[str], values: int) -> None:
    given = {str(number) for number in range(1, values + 1)}
    for name in sorted(used - given):
        raise _wrong(f"the statement has a parameter ${name}, but {values} values are given")
    for name in sorted(given - used, key=int):
        raise _wrong(f"{values} values are given, but the statement has no parameter ${name}")


def _wrong(message: str) -> Failure:
    return Failure(Kind.INVALID_REQUEST, message)
