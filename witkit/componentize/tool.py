"""Find, run and stop componentize-py."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from witkit.componentize.config import BuildConfig
from witkit.text import WitkitError, error

NOT_INSTALLED: Final = "WIT0924"

_PROGRAM: Final = "from componentize_py import script; script()"


@dataclass(frozen=True, slots=True)
class ToolOutcome:
    """The exit code of componentize-py, and its output (both streams)."""

    code: int
    output: str


def version() -> str:
    """The installed version of componentize-py. Raises `WitkitError` if it is not installed."""
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("componentize-py")
    except PackageNotFoundError:
        help = 'pip install "witkit[guest]"'
        raise WitkitError([error(NOT_INSTALLED, "componentize-py is not installed", help=help)]) from None


def componentize(
    config: BuildConfig,
    wit: Path,
    folders: Sequence[Path],
    output: Path,
    scratch: Path,
    tick: Callable[[], None] | None = None,
) -> ToolOutcome:
    """Build `output` from the WIT in the folder `wit` and the modules in `folders`.

    `tick` is called several times per second during the build.
    """
    arguments = _arguments(config, wit, folders, output)
    return _run([sys.executable, "-c", _PROGRAM, *arguments], _environment(scratch), scratch, tick)


def _arguments(config: BuildConfig, wit: Path, folders: Sequence[Path], output: Path) -> list[str]:
    arguments = ["-d", str(wit), "--world-module", config.world_module]
    for world in config.world:
        arguments += ["-w", world]
    for direction, names in (("import", config.names.imports), ("export", config.names.exports)):
        for interface, name in names.items():
            arguments += [f"--{direction}-interface-name", f"{interface}={name}"]
    if config.names.full:
        arguments.append("--full-names")
    if config.features:
        arguments += ["--features", ",".join(config.features)]
    arguments += ["componentize", config.app, "-o", str(output)]
    for folder in folders:
        arguments += ["-p", str(folder)]
    return arguments + (["--stub-wasi"] if config.stub_wasi else [])


def _environment(scratch: Path) -> dict[str, str]:
    """The environment variables for componentize-py.

    componentize-py adds the site-packages of VIRTUAL_ENV, or else of this Python, to the guest's path. What the guest
    may import from there is copied, so VIRTUAL_ENV is an empty folder. Rust's backtraces would not help the author of a
    guest. Temporary files are in `scratch`, so that they do not remain after an interruption.
    """
    environment = {**os.environ, "RUST_BACKTRACE": "0"}
    temporary = scratch / "temporary"
    temporary.mkdir()
    environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
    empty = scratch / "environment"
    (empty / "lib" / "python3.14" / "site-packages").mkdir(parents=True)
    return {**environment, "VIRTUAL_ENV": str(empty)}


def _run(
    command: list[str], environment: dict[str, str], scratch: Path, tick: Callable[[], None] | None
) -> ToolOutcome:
    log = scratch / "output.txt"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=scratch, env=environment, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            while True:
                try:
                    code = process.wait(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    if tick:
                        tick()
        finally:
            process.kill()
            process.wait()
    return ToolOutcome(code, log.read_text(encoding="utf-8", errors="replace"))
