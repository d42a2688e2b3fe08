"""`wasi:cli`: arguments, standard streams, terminals and `exit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from witkit import abi
from witkit.abi.traps import GuestExit

from .resources import Resource
from .stdio import is_terminal
from .streams import PERMIT, ByteSource, InputStream, OutputStream, Sink
from .waits import Waits

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

COPIED_PERMIT: Final = 8192
"""The bytes that `check-write` allows on standard error, which an engine may copy for its messages."""


class Environment:
    """The interface `wasi:cli/environment`. There are only the granted variables."""

    def __init__(self, arguments: Sequence[str], variables: Mapping[str, str]) -> None:
        self._arguments, self._variables = list(arguments), list(variables.items())

    def get_environment(self) -> list[tuple[str, str]]:
        return self._variables

    def get_arguments(self) -> list[str]:
        return self._arguments

    def initial_cwd(self) -> None:
        return None

    get_initial_cwd = initial_cwd  # its name in WASI 0.3


class Exit:
    """The interface `wasi:cli/exit`."""

    def exit(self, status: Any, /) -> NoReturn:
        """Raises `GuestExit`, which the guest cannot catch."""
        raise GuestExit(int(isinstance(status, abi.Err)))

    def exit_with_code(self, status_code: int, /) -> NoReturn:
        """Raises `GuestExit`, which the guest cannot catch."""
        raise GuestExit(status_code)


class Stdin:
    """The interface `wasi:cli/stdin`."""

    def __init__(self, waits: Waits, source: ByteSource) -> None:
        self._waits, self._source = waits, source

    def get_stdin(self) -> InputStream:
        return InputStream(self._waits, self._source)


class Stdout:
    """The interface `wasi:cli/stdout`."""

    def __init__(self, waits: Waits, sink: Sink) -> None:
        self._waits, self._sink = waits, sink

    def get_stdout(self) -> OutputStream:
        return OutputStream(self._waits, self._sink, PERMIT)


class Stderr:
    """The interface `wasi:cli/stderr`."""

    def __init__(self, waits: Waits, sink: Sink) -> None:
        self._waits, self._sink = waits, sink

    def get_stderr(self) -> OutputStream:
        return OutputStream(self._waits, self._sink, COPIED_PERMIT)


class TerminalInput(Resource):
    """The resource `terminal-input`, which has no methods yet."""


class TerminalOutput(Resource):
    """The resource `terminal-output`, which has no methods yet."""


class TerminalInputs:
    """The interface `wasi:cli/terminal-input`."""

    TerminalInput = TerminalInput


class TerminalOutputs:
    """The interface `wasi:cli/terminal-output`."""

    TerminalOutput = TerminalOutput


class Terminal:
    """`wasi:cli/terminal-stdin`, `terminal-stdout` and `terminal-stderr`.

    `inherited` are the names of the streams of this process that the guest has.
    """

    def __init__(self, inherited: Sequence[str]) -> None:
        self._inherited = frozenset(inherited)

    def get_terminal_stdin(self) -> TerminalInput | None:
        return TerminalInput() if self._has("stdin") else None

    def get_terminal_stdout(self) -> TerminalOutput | None:
        return TerminalOutput() if self._has("stdout") else None

    def get_terminal_stderr(self) -> TerminalOutput | None:
        return TerminalOutput() if self._has("stderr") else None

    def _has(self, name: str) -> bool:
        return name in self._inherited and is_terminal(name)
