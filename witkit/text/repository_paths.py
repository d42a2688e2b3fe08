"""The names of files as services that know the whole repository want them: from its top folder, with slashes."""

from __future__ import annotations

import os
from pathlib import Path


def from_top(name: str, variable: str) -> str:
    """The path from the folder that an environment variable names, or as it is for a file outside that folder."""
    top = os.environ.get(variable)
    path = Path(name)
    if top and Path.cwd().joinpath(path).is_relative_to(top):
        path = Path.cwd().joinpath(path).relative_to(top)
    return path.as_posix()
