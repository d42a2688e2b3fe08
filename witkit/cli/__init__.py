"""Floor 6: the command line, one module a command.

`main` is the entry point. It answers `--version` without the machinery of a command line, because editors
and build tools ask for it at every start, and hands everything else to `witkit.cli.group`.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from witkit._version import __version__


def main() -> NoReturn:
    """Run `witkit` with the arguments of this process and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        print(f"witkit {__version__}")
        sys.exit(0)
    try:
        from witkit.cli.group import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
