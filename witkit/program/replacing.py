"""Raise another exception in place of one."""

from __future__ import annotations

from collections.abc import Callable


class Replacing:
    """A context that every call of a guest enters, so that it costs less than a generator would.

    `other` gives the exception that is raised in place of one, or None if that one stays as it is. It has a cause only
    if `other` has set one.
    """

    __slots__ = ("other",)

    def __init__(self, other: Callable[[BaseException], BaseException | None]) -> None:
        self.other = other

    def __enter__(self) -> None:
        """Nothing is prepared."""

    def __exit__(self, kind: object, problem: BaseException | None, place: object) -> None:
        if problem is not None and (other := self.other(problem)) is not None and other is not problem:
            raise other from other.__cause__
