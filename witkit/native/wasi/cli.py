"""`wasi:cli`: arguments, standard streams, terminals and `exit`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from witkit import abi
from witkit.native.errors import WouldTrap

from .stdio import StandardInput, StandardOutput, is_terminal
from .streams import COPIED_PERMIT, InputStream, OutputStream

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these


class Environment:
    """The interface `wasi:cli/environment`. As for a component, there are only the granted variables."""

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

    def exit(self, status: Any) -> NoReturn:
        """Raises `SystemExit`, which the guest cannot catch."""
        raise SystemExit(int(isinstance(status, abi.Err)))

    def exit_with_code(self, status_code: int) -> NoReturn:
        """Always traps: componentize-py cannot build a component that imports this unstable function."""
        raise WouldTrap("a component with `exit-with-code` cannot be built: call `exit`, or raise `Err` in `run`")


class Stdin:
    """The interface `wasi:cli/stdin`."""

    def __init__(self) -> None:
        self._source = StandardInput()

    def get_stdin(self) -> InputStream:
        return InputStream(self._source)


class Stdout:
    """The interface `wasi:cli/stdout`."""

    def get_stdout(self) -> OutputStream:
        return OutputStream(StandardOutput("stdout"))


class Stderr:
    """The interface `wasi:cli/stderr`."""

    def get_stderr(self) -> OutputStream:
        return OutputStream(StandardOutput("stderr"), COPIED_PERMIT)


class TerminalInput:
    """The resource `terminal-input`, which has no methods yet."""


class TerminalOutput:
    """The resource `terminal-output`, which has no methods yet."""


class TerminalInputs:
    """The interface `wasi:cli/terminal-input`."""

    TerminalInput = TerminalInput


class TerminalOutputs:
    """The interface `wasi:cli/terminal-output`."""

    TerminalOutput = TerminalOutput


class TerminalStdin:
    """The interface `wasi:cli/terminal-stdin`."""

    def get_terminal_stdin(self) -> TerminalInput | None:
        return TerminalInput() if is_terminal("stdin") else None


class TerminalStdout:
    """The interface `wasi:cli/terminal-stdout`."""

    def get_terminal_stdout(self) -> TerminalOutput | None:
        return TerminalOutput() if is_terminal("stdout") else None


class TerminalStderr:
    """The interface `wasi:cli/terminal-stderr`."""

    def get_terminal_stderr(self) -> TerminalOutput | None:
        return TerminalOutput() if is_terminal("stderr") else None
