"""The parameters of a statement: `$1`, `$2`, …, or `?` for one after the other."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Text, quoted names and comments are skipped: what looks like a parameter in them is none.
_TOKEN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)"""
    r"""|\$(?P<number>\w+)|(?P<mark>\?\d*)|(?P<other>[:@][A-Za-z_]\w*)""",
    re.DOTALL,
)


class WrongParameters(ValueError):
    """The parameters of a statement and its values do not fit."""


def bound(query: str, values: Sequence[str]) -> dict[str, str] | tuple[str, ...]:
    """The values as SQLite takes them: by parameter, `$1` being the one named `1`, or in order for `?`.

    Raises WrongParameters unless the parameters are `$1` to `$n`, or n times `?`, for n values.
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
            raise WrongParameters(f"the parameter `{parameter}` is not known: write `$1`, `$2`, … or `?`")
    if "?" in parameters and any(parameter != "?" for parameter in parameters):
        raise WrongParameters("the statement mixes `?` and `$1`: write one kind of parameters")


def _check_count(parameters: int, values: int) -> None:
    if parameters != values:
        raise WrongParameters(f"the statement has {parameters} times the parameter `?`, but {values} values are given")


def _numbered(used: set[str], values: Sequence[str]) -> dict[str, str]:
    given = {str(position): value for position, value in enumerate(values, 1)}
    for name in sorted(used - given.keys()):
        raise WrongParameters(f"the statement has a parameter ${name}, but {len(values)} values are given")
    for name in sorted(given.keys() - used, key=int):
        raise WrongParameters(f"{len(values)} values are given, but the statement has no parameter ${name}")
    return given
