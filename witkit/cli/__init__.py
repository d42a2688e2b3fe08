"""Floor 6: the command line, one module a command.

`main` is the entry point. It answers `--version` without the machinery of a command line, because editors
and build tools ask for it at every start, and hands everything else to `witkit.cli.group`.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from typing import NoReturn

from witkit._version import __version__


def main() -> NoReturn:
    """Run `witkit` with the arguments of this process and leave with its exit code."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # `nohup` has the second one ignored; Windows does not know it.
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _terminated)
    if sys.argv[1:] == ["--version"]:
        # Where this cannot be written, the way that every command takes says so.
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
    sys.exit(code)


def _terminated(number: int, frame: object) -> NoReturn:
    """Leave in order: what was started is ended, backends are closed, and temporary files go."""
    from witkit.backends.leaving import Terminated

    raise Terminated(number)
