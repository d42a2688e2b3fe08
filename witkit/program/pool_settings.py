"""`[instances]` and `[serve]` of `witkit.toml`: the instances of a guest that is called, and its processes.

[instances]
instances = "pooled"   # kept ones; "fresh", the default, is a new one for each call
size = 4               # calls at once; by default one per processor
calls = 1000           # calls of a kept instance, by default without bound
waiting = 100          # callers that may wait
wait = 5.0             # seconds that one of them waits
bytes = "64MiB"        # of messages that are handled at once

[serve]
workers = 4            # processes of `witkit serve`
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from witkit.text import WitkitError, error
from witkit.text.settings import WRONG_VALUE, SettingsTable

from .grants import size
from .pool import PoolSettings

KINDS: Final = ("fresh", "pooled")
MOST: Final = 100_000
PROCESSES: Final = 1000


def read_pool(table: SettingsTable) -> PoolSettings:
    """`[instances]`. Mistakes are problems of the table."""
    table.reject_unknown_keys("instances", "size", "calls", "waiting", "wait", "bytes")
    given: dict[str, Any] = {
        key: _number(table, key, least) for key, least in (("size", 1), ("calls", 0), ("waiting", 0))
    }
    if (kind := table.one_of("instances", KINDS)) is not None:
        given["instances"] = kind
    wait = table.values.get("wait")
    if wait is not None and (isinstance(wait, bool) or not isinstance(wait, int | float) or not 0 <= wait < 86_400):
        table.wrong("wait", "`wait` must be a number of seconds, 0 or more")
    elif wait is not None:
        given["wait"] = float(wait)
    if (held := table.values.get("bytes")) is not None:
        try:
            given["bytes"] = size(held)
        except ValueError as wrong:
            table.wrong("bytes", f"`bytes` is wrong: {wrong}")
    return PoolSettings(**{key: value for key, value in given.items() if value is not None})


def pool_over(settings: PoolSettings, instances: Any, size: Any) -> PoolSettings:
    """The settings with arguments of a program; None leaves what there is. Raises WitkitError (WIT0904)."""
    problems = []
    if instances not in (None, *KINDS):
        problems.append(error(WRONG_VALUE, f"`instances` must be one of {', '.join(KINDS)}"))
    if size is not None and (isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= MOST):
        problems.append(error(WRONG_VALUE, f"`size` must be a whole number from 1 to {MOST:,}"))
    if problems:
        raise WitkitError(problems)
    given = {"instances": instances, "size": size}
    return replace(settings, **{key: value for key, value in given.items() if value is not None})


def read_workers(table: SettingsTable) -> int:
    """How many processes `[serve]` asks for. Mistakes are problems of the table."""
    table.reject_unknown_keys("workers")
    return _number(table, "workers", 1, PROCESSES) or 1


def _number(table: SettingsTable, key: str, least: int, most: int = MOST) -> int | None:
    found = table.integer(key)
    if found is not None and not least <= found <= most:
        table.wrong(key, f"`{key}` must be a whole number from {least} to {most:,}")
        return None
    return found
