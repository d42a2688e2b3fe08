"""Components from JavaScript, by componentize-js and by QuickJS in Node.js. What they made of the same inputs is kept.

`make test` and `make componentize-js` install the version that the Makefile pins, beside what is kept. It comes with
jco, which has the other engine.
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
SPIDERMONKEY = ("componentize-js/src/cli.js", "app.js", "--disable", *DISABLED)
QUICKJS = ("jco/dist/jco.js", "componentize", "app.js", "--backend", "quickjs")
QUICKJS_SYNC = (*QUICKJS, "--backend-qjs-disable-async")
REFUSED = b"refused: "


def componentize(project: Path, world: str, to: Path, how: tuple[str, ...] = SPIDERMONKEY) -> Path:
    """The component of `app.js` in a folder with `wit`, as a file. Skips the test if it is not kept and componentize-js
    is not installed, or fails it if services are required."""
    made = _made(project, world, to, how)
    assert not made.startswith(REFUSED), made.decode()
    to.write_bytes(made)
    return to


def refusal(project: Path, world: str, to: Path, how: tuple[str, ...] = SPIDERMONKEY) -> str:
    """What is printed instead of making a component, with whose skips and failures."""
    made = _made(project, world, to, how)
    assert made.startswith(REFUSED), "it was built"
    return made.removeprefix(REFUSED).decode()


def _made(project: Path, world: str, to: Path, how: tuple[str, ...]) -> bytes:
    """A component, or `REFUSED` and the message."""
    kept, cache = KEPT / "components" / _key(project, world, how), DiskCache(limit=8 << 30)
    made = cache.get(kept)
    if made is None:
        made = _run(project, world, to, how)
        cache.put(kept, made)
    return made


def _run(project: Path, world: str, to: Path, how: tuple[str, ...]) -> bytes:
    node = shutil.which("node")
    if node is None or not INSTALLED.exists():
        unavailable(f"needs componentize-js {VERSION}, which `make componentize-js` installs")
    tool, *options = how
    command = [node, str(INSTALLED.parent / tool), *options, "--wit", "wit", "--world-name", world, "--out", str(to)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return to.read_bytes() if done.returncode == 0 else REFUSED + (done.stdout + done.stderr).encode()


def _key(project: Path, world: str, how: tuple[str, ...]) -> str:
    """A name for the inputs and the version."""
    files = sorted(path for path in project.rglob("*") if path.is_file())
    contents = {str(file.relative_to(project)): sha256(file.read_bytes()).hexdigest() for file in files}
    return sha256(json.dumps([VERSION, how, world, contents]).encode()).hexdigest()
