"""Failures of backends as error cases of an interface: the guest reads the message, the operator's log the detail."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from witkit.abi import Err
from witkit.backends.failure import Failure, Kind

LOG = logging.getLogger("witkit.backends")

EXPECTED = frozenset({Kind.MISSING, Kind.INVALID_NAME, Kind.INVALID_KEY, Kind.INVALID_VALUE, Kind.CONFLICT})
"""Failures that guests provoke, which are of no interest to an operator."""


class Cases:
    """The error cases of an interface for each kind of failure, and the one for all other kinds."""

    def __init__(self, other: Callable[[str], Any], cases: Mapping[Kind, Callable[[str], Any]]) -> None:
        self._other, self._cases = other, cases

    def error(self, failure: Failure) -> Err[Any]:
        """What the guest gets for a failure."""
        return Err(self._cases.get(failure.kind, self._other)(failure.message))

    def raised(self, operation: str) -> _Raised:
        """A context that raises failures of its body as `Err`, and logs those that are not the guest's doing."""
        return _Raised(self, operation)


class _Raised:
    """Every call of a guest enters one of these; a generator as a context would cost seven times as much."""

    __slots__ = ("_cases", "_operation")

    def __init__(self, cases: Cases, operation: str) -> None:
        self._cases, self._operation = cases, operation

    def __enter__(self) -> None:
        """Do nothing."""

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> None:
        if isinstance(raised, Failure):
            log(self._operation, raised)
            raise self._cases.error(raised) from raised


def log(operation: str, failure: Failure) -> None:
    """Write a failure to the operator's log, without secrets."""
    if failure.kind not in EXPECTED:
        LOG.warning("%s: %s", operation, failure.shown)
