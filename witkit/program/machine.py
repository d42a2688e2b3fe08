"""Give a guest under CPython the same view of the machine as a component: arguments, granted variables, UTF-8."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from io import UnsupportedOperation
from typing import Any, cast

from witkit.abi.values import guest_runs


@contextmanager
def as_program(argv: Sequence[str], variables: Mapping[str, str]) -> Iterator[None]:
    """Replace `sys.argv`, `os.environ` and the encoding of the standard streams during a `with` statement.

    The guest's environment has only these variables.
    """
    arguments, environment = sys.argv, os.environ
    encodings = [_spoken(stream, "utf-8") for stream in _streams()]
    sys.argv = list(argv)
    os.environ = cast(Any, _Environment(environment, variables))  # noqa: B003 - the process keeps its environment
    try:
        yield
    finally:
        sys.argv, os.environ = arguments, environment
        for stream, encoding in zip(_streams(), encodings, strict=True):
            _spoken(stream, encoding)


def is_unread(stream: Any) -> bool:
    """Whether nobody reads a stream of this process any more: it leads to a pipe whose other end is closed."""
    if stream is None or not hasattr(select, "poll"):
        return False
    with suppress(UnsupportedOperation):
        asked = select.poll()
        asked.register(stream.fileno(), 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in asked.poll(0))
    return False


def _streams() -> list[Any]:
    return [sys.stdin, sys.stdout, sys.stderr]


def _spoken(stream: Any, encoding: str | None) -> str | None:
    """Set a stream's encoding and return the old one. Tests' streams, and one that was read from, are not changed."""
    before: str | None = getattr(stream, "encoding", None)
    if encoding is not None and encoding != before and hasattr(stream, "reconfigure"):
        with suppress(UnsupportedOperation):
            stream.reconfigure(encoding=encoding, errors=stream.errors)
    return before


class _Environment(MutableMapping[str, str]):
    """An `os.environ` with the granted variables for the guest, and that of this process for all other code.

    Only Python's mapping is replaced: variables that C reads, such as `TZ`, still have an effect.
    """

    def __init__(self, process: MutableMapping[str, str], variables: Mapping[str, str]) -> None:
        self._process = process
        self._guest = dict(variables)

    @property
    def _current(self) -> MutableMapping[str, str]:
        return self._guest if guest_runs.get() else self._process

    def __getitem__(self, name: str) -> str:
        return self._current[name]

    def __setitem__(self, name: str, value: str) -> None:
        self._current[name] = value

    def __delitem__(self, name: str) -> None:
        del self._current[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._current)

    def __len__(self) -> int:
        return len(self._current)

    def __repr__(self) -> str:
        return f"environ({dict(self._current)!r})"

    def copy(self) -> dict[str, str]:
        """A plain dictionary, as from `os.environ.copy()`."""
        return dict(self._current)
