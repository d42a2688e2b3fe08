"""Compiled modules that Python cannot read: a `.pyc` file that was cut off, for example on a full disk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_IMPORTLIB: Final = "<frozen importlib._bootstrap_external>"


def damaged(problem: BaseException) -> str:
    """What is wrong with the compiled file at which an import has failed. Empty if it has failed for another reason.

    Python writes such a file itself, and reads it as long as its source has the same time and size.
    """
    place = problem.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    code = place and place.tb_frame.f_code
    if not place or not code or (code.co_name, code.co_filename) != ("_compile_bytecode", _IMPORTLIB):
        return ""
    file = place.tb_frame.f_locals.get("bytecode_path")
    if file is None:
        return ""
    return f"the compiled module `{_shown(Path(file))}` is damaged; remove this file, and Python makes a new one"


def _shown(file: Path) -> Path:
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
