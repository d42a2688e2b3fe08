"""What stands for a full disk in tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """No file of this process may become larger than `size` bytes, as if the disk were full."""
    resource = pytest.importorskip("resource", reason="this system has no such limit")
    before, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    # Python does not notice that the system takes only a part of a module's bytecode, and would load that part later.
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, most))
        sys.dont_write_bytecode = writes
