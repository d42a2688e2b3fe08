"""A guest that asks the machine through its bindings: by expressions, and as a program."""

from collections.abc import Callable

import machine_world
from componentize_py_types import Err, Ok  # noqa: F401 - used in expressions
from machine_world import exports
from machine_world.imports import (  # noqa: F401 - used in expressions
    environment,
    exit,
    insecure,
    insecure_seed,
    instance_network,
    ip_name_lookup,
    monotonic_clock,
    network,
    poll,
    preopens,
    random,
    stderr,
    stdin,
    stdout,
    streams,
    tcp_create_socket,
    terminal_stderr,
    terminal_stdin,
    terminal_stdout,
    types,
    wall_clock,
)


def told(expression: str) -> str:
    """What an expression gives: a value, or the stream's error by its name."""
    try:
        return repr(eval(expression, {**globals()}))
    except Err as error:
        return f"Err: {type(error.value).__name__} {getattr(error.value, 'name', '')}".rstrip()


def steps(*expressions: str) -> list[str]:
    """What each of the expressions gives, which may use streams, and keep pollables as `p` and `q`."""
    kept = {**globals(), "s": stdin.get_stdin(), "t": stdin.get_stdin()}
    kept |= {"o": stdout.get_stdout(), "e": stderr.get_stderr()}
    found = []
    for expression in expressions:
        try:
            found.append(repr(eval(expression, kept)))
        except (Err, AttributeError, NameError, TypeError) as problem:
            found.append(type(getattr(problem, "value", problem)).__name__)
    # Pollables have to go before their streams.
    kept |= {"p": None, "q": None}
    return found


def swallow(expression: str) -> str:
    """Catch whatever an expression raises."""
    try:
        return told(expression)
    except BaseException as problem:
        return type(problem).__name__


def errors(*calls: Callable[[], object]) -> list[str]:
    """The stream's error of each call, with what it says."""
    found = []
    for call in calls:
        try:
            call()
        except Err as error:
            is_failure = isinstance(error.value, streams.StreamError_LastOperationFailed)
            found.append(error.value.value.to_debug_string() if is_failure else type(error.value).__name__)
    return found


def closed(source: streams.InputStream) -> bool:
    """Whether a stream is at its end."""
    try:
        source.blocking_read(1)
    except Err as error:
        return isinstance(error.value, streams.StreamError_Closed)
    return False


def all_of_stdin() -> bytes:
    """Everything until the stream is closed."""
    found, source = b"", stdin.get_stdin()
    while True:
        try:
            found += source.blocking_read(1000)
        except Err as error:
            if not isinstance(error.value, streams.StreamError_Closed):
                raise
            return found


class MachineWorld(machine_world.MachineWorld):
    def evaluate(self, expression: str) -> str:
        return told(expression)


class Run(exports.Run):
    def run(self) -> None:
        """Evaluate each argument, and say what it gives."""
        for expression in environment.get_arguments()[1:]:
            print(told(expression))
