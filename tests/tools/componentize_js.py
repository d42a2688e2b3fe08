"""Components from JavaScript, by componentize-js in Node.js. What it made of the same inputs is kept.

`make test` and `make componentize-js` install the version that the Makefile pins, beside what is kept.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

from tests.conftest import KEPT
from tests.services.standing import unavailable
from witkit._kept import DiskCache

VERSION = "0.23.0"
INSTALLED = KEPT / f"componentize-js-{VERSION}" / "node_modules/@bytecodealliance/componentize-js"
DISABLED = ("random", "clocks", "http", "fetch-event")
"""Parts of its engine that a component can do without. Each of them imports more of WASI."""


def componentize(project: Path, world: str, to: Path) -> Path:
    """The component of `app.js` in a folder with `wit`, as a file. Skips the test if it is not kept and componentize-js
    is not installed, or fails it if services are required."""
    kept, cache = KEPT / "components" / _key(project, world), DiskCache(limit=8 << 30)
    made = cache.get(kept)
    if made is None:
        _run(project, world, to)
        cache.put(kept, to.read_bytes())
    else:
        to.write_bytes(made)
    return to


def _run(project: Path, world: str, to: Path) -> None:
    node = shutil.which("node")
    if node is None or not INSTALLED.exists():
        unavailable(f"needs componentize-js {VERSION}, which `make componentize-js` installs")
    options = ["--wit", "wit", "--world-name", world, "--disable", *DISABLED, "--out", str(to)]
    command = [node, str(INSTALLED / "src" / "cli.js"), "app.js", *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _key(project: Path, world: str) -> str:
    """A name for the inputs and the version."""
    files = sorted(path for path in project.rglob("*") if path.is_file())
    contents = {str(file.relative_to(project)): sha256(file.read_bytes()).hexdigest() for file in files}
    return sha256(json.dumps([VERSION, DISABLED, world, contents]).encode()).hexdigest()
