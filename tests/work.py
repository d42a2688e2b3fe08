"""How much work something is, measured so that no other program disturbs it."""

from __future__ import annotations

import sys
from collections.abc import Callable


def calls(action: Callable[[], object]) -> int:
    """How many functions are called while `action` runs, those of Python and those of C.

    Once before it counts, `action` runs for what is only loaded or kept the first time.
    """
    count = 0

    def one_more(*_: object) -> None:
        nonlocal count
        count += 1

    action()
    sys.setprofile(one_more)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count
