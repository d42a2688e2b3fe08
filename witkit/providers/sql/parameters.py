"""The parameters `$1`, `$2`, … of a statement."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Text, quoted names and comments are skipped, so that a `$1` in them is no parameter.
_TOKEN = re.compile(
    r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|/\*.*?(?:\*/|\Z)|\$(?P<number>\w+)""",
    re.DOTALL,
)


def bound(query: str, values: Sequence[str]) -> dict[str, str]:
    """The values by parameter, as SQLite takes them: `$1` is the parameter named `1`.

    Raises ValueError where the parameters are not `$1` to `$n` for n values.
    """
    used = {token["number"] for token in _TOKEN.finditer(query) if token["number"] is not None}
    given = {str(position): value for position, value in enumerate(values, 1)}
    for name in sorted(used - given.keys()):
        raise ValueError(f"the statement has a parameter ${name}, but {len(values)} values are given")
    for name in sorted(given.keys() - used, key=int):
        raise ValueError(f"{len(values)} values are given, but the statement has no parameter ${name}")
    return given
