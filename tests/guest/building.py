"""Building guests once: the component stays in a folder that survives test runs, and is built again if it changes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.conftest import KEPT
from witkit.componentize import build, load_config


def built(project: Path, name: str, to: Path) -> Path:
    """The component of a project, from the cache if its content is known; `to` is a folder of the test."""
    kept = KEPT / f"{name}.wasm"
    kept.parent.mkdir(parents=True, exist_ok=True)
    # Two workers may build at once: each writes a file of its own, and replaces the kept one whole.
    mine = to / "component.wasm"
    if kept.is_file():
        shutil.copyfile(kept, mine)
    made = build(load_config(project, out=str(mine)))
    if not made.fresh:
        beside = kept.with_suffix(f".{os.getpid()}")
        shutil.copyfile(mine, beside)
        beside.replace(kept)
    return mine
