"""A folder for the time of a run, which is gone whatever ends the run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory

from .ending import Ending


@contextmanager
def temporary_folder(prefix: str, ending: Ending) -> Iterator[Path]:
    """A new folder, which is removed when the `with` statement ends."""
    made = TemporaryDirectory(prefix=prefix)
    remove = partial(rmtree, made.name, ignore_errors=True)
    try:
        with ending.closing(remove):
            yield Path(made.name)
    finally:
        try:
            made.cleanup()
        except BaseException:
            # A signal has interrupted the removal. There is no second one: `Ending` ignores it.
            remove()
            raise
