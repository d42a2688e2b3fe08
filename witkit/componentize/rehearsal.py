"""Find the line where importing a guest fails, if componentize-py cannot: it sees wasm, not Python."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.componentize.modules import line
from witkit.componentize.target import BuildTarget
from witkit.componentize.underlay import write_bindings
from witkit.text import Span

SECONDS: Final = 30
"""The seconds that importing the guest may take."""

_PROGRAM: Final = """
import json, sys, traceback
answer, app, world_module, places, *folders = sys.argv[1:]
sys.path[:0] = folders
from pathlib import Path
from witkit.native import Guest, bound
from witkit.native.replaced import replace
replace({name: Path(place) for name, place in json.loads(places).items()})
try:
    with bound({}) as binding:
        Guest(app, binding, world_module)
except BaseException as problem:
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(problem.__traceback__)]
    with open(answer, "w", encoding="utf-8") as file:
        json.dump([type(problem).__name__, frames], file)
"""


def stopping_line(target: BuildTarget, exception: str) -> Span | None:
    """The guest's line that raises the exception with this name when this Python imports it, without a host.

    None if it raises nothing, or something else. The guest runs in a process of its own.
    """
    config = target.config
    with TemporaryDirectory(prefix="witkit-rehearsal-") as temporary:
        bindings, answer = Path(temporary, "bindings"), Path(temporary, "answer.json")
        places = {name: str(place) for name, place in write_bindings(target, bindings, allow=True).items()}
        folders = [str((config.root / folder).resolve()) for folder in config.paths]
        names = [config.app, config.world_module, json.dumps(places)]
        command = [sys.executable, "-B", "-P", "-c", _PROGRAM, str(answer), *names]
        try:
            subprocess.run(
                [*command, *folders, str(bindings)],
                cwd=temporary,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=SECONDS,
            )
            raised, frames = json.loads(answer.read_text(encoding="utf-8"))
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
    own = [(file, number) for name, number in frames for file in _shown(Path(name), config)]
    return line(*own[-1]) if own and raised == exception else None


def _shown(file: Path, config: BuildConfig) -> Iterator[Path]:
    """The name of a file in messages, if it is in one of the guest's folders."""
    for folder in config.paths:
        top = (config.root / folder).resolve()
        if file.is_relative_to(top):
            yield config.root / folder / file.relative_to(top)
            return
