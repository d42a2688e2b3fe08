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


def _call_all_old() -> None:
    """Move what was made to the oldest generation, as collections of the younger ones would after looking at all of it.

    Objects that the program itself has frozen stay frozen.
    """
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()
