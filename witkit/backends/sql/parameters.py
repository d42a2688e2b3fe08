"""The parameters of a statement: `$1`, `$2`, …, or `?` for each value in order."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Skips strings, quoted names and comments, which have no parameters.
_TOKEN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)"""
    r"""|\$(?P<number>\w+)|(?P<mark>\?\d*)|(?P<other>[:@][A-Za-z_]\w*)""",
    re.DOTALL,
)


class WrongParameters(ValueError):
    """The parameters of a statement do not fit its values."""


def bound(query: str, values: Sequence[str]) -> dict[str, str] | tuple[str, ...]:
    """The values as sqlite3 takes them: by name for `$1` (which is named `1`), in order for `?`.

    Raises WrongParameters unless the parameters for n values are `$1` to `$n`, or n times `?`.
    """
    found = [token for token in _TOKEN.finditer(query) if token.lastgroup]
    _check_kinds([token[0] for token in found])
    if any(token["mark"] for token in found):
        _check_count(len(found), len(values))
        return tuple(values)
    return _numbered({token["number"] for token in found}, values)


def _check_kinds(parameters: Sequence[str]) -> None:
    for parameter in parameters:
        if parameter[0] in ":@" or (parameter[0] == "?" and len(parameter) > 1):
            raise WrongParameters(f"unknown parameter `{parameter}`: write `$1`, `$2`, … or `?`")
    if "?" in parameters and any(parameter != "?" for parameter in parameters):
        raise WrongParameters("the statement mixes `?` and `$1`: use one kind of parameters")


def _check_count(parameters: int, values: int) -> None:
    if parameters != values:
        raise WrongParameters(f"the statement has {parameters} parameters `?`, but {values} values are given")


def _numbered(used: set[str], values: Sequence[str]) -> dict[str, str]:
    given = {str(position): value for position, value in enumerate(values, 1)}
    for name in sorted(used - given.keys()):
        raise WrongParameters(f"the statement has a parameter ${name}, but {len(values)} values are given")
    for name in sorted(given.keys() - used, key=int):
        raise WrongParameters(f"{len(values)} values are given, but the statement has no parameter ${name}")
    return given
