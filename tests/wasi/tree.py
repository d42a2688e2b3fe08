"""A folder to grant, beside one that must not be reached."""

from __future__ import annotations

import os
from pathlib import Path

LINKS = {
    "out": "../outside",
    "secret": "../outside/secret",
    "absolute": "/etc",
    "in": "sub/../note",
    "to-sub": "sub",
    "sub/up": "../../outside/secret",
    "sub/note": "../note",
    "loop": "loop",
    "nowhere": "missing",
}


def planted(base: Path) -> Path:
    """`base/box` with a few files, folders and links, and `base/outside` with a secret."""
    root = base / "box"
    for folder in ("box/sub/deep", "box/empty", "outside"):
        (base / folder).mkdir(parents=True)
    (base / "outside" / "secret").write_text("forbidden")
    (root / "note").write_text("a note\n")
    (root / "sub" / "inner").write_text("inner")
    (root / "sub" / "deep" / "leaf").write_text("leaf")
    for name, target in LINKS.items():
        (root / name).symlink_to(target)
    os.mkfifo(root / "pipe")
    return root
