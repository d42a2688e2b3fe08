"""Floor 8: the command line, with one module per command.

`main` is the entry point. It answers `--version` without importing click, because editors and build tools ask for
it at every start. `witkit.cli.group` does everything else.
"""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress
from typing import NoReturn

from witkit._leaving import Terminated
from witkit._version import __version__


def main() -> NoReturn:
    """Run `witkit` with the arguments of this process and exit with its exit code."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # `nohup` ignores SIGHUP, and Windows does not have it.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _terminated)
    # Imports make many objects and little garbage: looking for it as often as Python does costs a tenth of a command.
    gc.set_threshold(20_000)
    if sys.argv[1:] == ["--version"]:
        # If this cannot be written, `run` reports it as for every command.
        with suppress(OSError):
            print(f"witkit {__version__}", flush=True)
            sys.exit(0)
    try:
        from witkit.cli.group import run
        from witkit.cli.warned import mask_warnings

        mask_warnings()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    # The last thing Python does is to look for garbage in all that is there, three times: a tenth of a short command.
    gc.freeze()
    sys.exit(code)


def _terminated(number: int, frame: object) -> NoReturn:
    """Exit cleanly: end child processes, close backends, remove temporary files.

    It must not import anything: a signal may come while a module is being imported.
    """
    raise Terminated(number)
