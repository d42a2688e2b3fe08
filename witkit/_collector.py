"""Python's cyclic garbage collection, paused while many objects are made that have no cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Without cyclic garbage collection, which finds nothing while trees and models grow, and costs half the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            _call_all_old()
            gc.enable()


_frozen: list[bool] = []
"""Holds True once the program was seen to have frozen objects."""


def _call_all_old() -> None:
    """Move what was made to the oldest generation, as collections of the younger ones would after looking at all of it.

    Objects that the program itself has frozen stay frozen. To count them takes time in proportion to their number, so
    that a program that has some is asked once.
    """
    if _frozen:
        return
    if gc.get_freeze_count():
        _frozen.append(True)
        return
    gc.freeze()
    gc.unfreeze()
