"""`witkit run`: a component as a program, with real storage behind its imports."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from witkit.program.run import Answer


MISPLACED = "witkit.run.misplaced"
"""Where the context keeps the program's arguments that were perhaps meant for witkit, each with the option."""
CLOSE = 0.85
"""How like an option they are, by difflib: a letter is missing, doubled or wrong, or two have changed places."""


class _OptionsAfterComponent(click.Command):
    """Takes the command's own options directly after COMPONENT, too; what follows them, or `--`, is the program's.

    An argument of the program that looks like one of the options is noted in the context, except after `--`.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        before = self._own(args)
        component, rest = args[before : before + 1], args[before + 1 :]
        after = self._own(rest)
        program = rest[after + 1 :] if rest[after : after + 1] == ["--"] else rest[after:]
        ctx.meta[MISPLACED] = self._misplaced(rest[after:])
        return super().parse_args(ctx, [*args[:before], *rest[:after], *component, *program])

    def _misplaced(self, args: list[str]) -> list[tuple[str, str]]:
        from difflib import get_close_matches
        from itertools import takewhile

        known = [name for option in self.params for name in option.opts if name.startswith("--")]
        given = [arg.partition("=")[0] for arg in takewhile(lambda arg: arg != "--", args) if arg.startswith("--")]
        return [(name, near[0]) for name in given if (near := get_close_matches(name, known, 1, CLOSE))]

    def _own(self, args: list[str]) -> int:
        """How many arguments at the start are options of this command and their values."""
        options = [option for option in self.params if isinstance(option, click.Option)]
        values = {name: 0 if option.is_flag else 1 for option in options for name in option.opts}
        at = 0
        while at < len(args) and (name := args[at].partition("=")[0]) in values:
            at += 1 if "=" in args[at] else 1 + values[name]
        return min(at, len(args))


@click.command("run", cls=_OptionsAfterComponent, context_settings={"allow_interspersed_args": False})
@click.argument("component", type=click.Path(path_type=Path, readable=False))
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
@click.option("--key-value", metavar="BACKEND", help="Keep key-value stores in sqlite (default), filesystem or memory.")
@click.option(
    "--key-value-path",
    type=click.Path(path_type=Path, readable=False),
    help="The file or folder of that backend (default: .witkit/key-value.db or .witkit/key-value).",
)
@click.option(
    "--backend",
    "backends",
    metavar="CAPABILITY=BACKEND",
    multiple=True,
    help="Choose the backend of any capability: `configs=environment`.",
)
@click.option(
    "--set",
    "values",
    metavar="CAPABILITY.SETTING=VALUE",
    multiple=True,
    help="Give a backend a setting: `key-value.timeout=10`, `configs.values.greeting=hello`.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path, readable=False),
    help="The file with the project's backends and settings (default: witkit.toml here, or in a folder above).",
)
@click.option("--invoke", metavar="NAME", help="Call this exported function, with ARGS as JSON, and print its result.")
@click.option("--watch", is_flag=True, help="Run again whenever a file of the project changes, until Ctrl-C.")
@click.option("-q", "--quiet", is_flag=True, help="Do not print where data goes.")
def command(
    component: Path,
    arguments: tuple[str, ...],
    key_value: str | None,
    key_value_path: Path | None,
    backends: tuple[str, ...],
    values: tuple[str, ...],
    config: Path | None,
    invoke: str | None,
    watch: bool,
    quiet: bool,
) -> int:
    """Run COMPONENT, a .wasm file or the .py file of a guest, with ARGS.

    Backends of witkit provide its imports. Of this machine it gets only its ARGS, standard input, output and
    error, clocks and random numbers. The exit code is the program's. The .py file of a guest needs no build:
    this Python runs it with the same backends and the same rules.
    """
    from witkit.cli.patience import telling_host
    from witkit.program.choices import choices
    from witkit.program.project import read_choices
    from witkit.program.run import invoke as call
    from witkit.program.run import run
    from witkit.program.settings import Settings

    if key_value is not None:
        backends = (*backends, f"key-value={key_value}")
    if key_value_path is not None:
        values = (*values, f"key-value.path={key_value_path}")
    announce = _say_nothing if quiet else _announce
    # Only people wait: nothing is said to a program about how long something takes.
    engine = telling_host(announce) if sys.stderr.isatty() and component.suffix != ".py" else None
    settings = Settings(choices(backends, values), announce, engine, project=read_choices(config))
    if watch:
        from witkit.program.watch import watching
        from witkit.text.projects import find_project

        project = find_project(component.parent) if component.suffix == ".py" else None
        return watching(project or component.parent, _without_watch(sys.argv))
    _tell_misplaced()
    if component.suffix == ".py":
        from witkit.program.native import invoke_native, run_native

        if invoke is not None:
            return _print(invoke_native(component, invoke, arguments, settings))
        return run_native(component, arguments, settings)
    with _interruptible():
        if invoke is not None:
            return _print(call(component, invoke, arguments, settings))
        return run(component, arguments, settings)


def _without_watch(command_line: list[str]) -> list[str]:
    """The arguments of this command line without its first `--watch`: any other one is the program's."""
    at = command_line.index("--watch")
    return command_line[1:at] + command_line[at + 1 :]


def _tell_misplaced() -> None:
    for given, option in click.get_current_context().meta[MISPLACED]:
        meant = "it comes after an argument of the program" if given == option else f"did you mean `{option}`?"
        click.echo(
            f"witkit: `{given}` goes to the program: {meant} (put `--` before the program's arguments)", err=True
        )


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and SIGHUP end the process at once: Python notices them only when the guest comes back."""
    if current_thread() is not main_thread():
        yield
        return
    numbers = {signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}
    handled = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, signal.SIG_DFL) for number in handled}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _print(answer: Answer) -> int:
    """The answer as JSON: a success on standard output, an error on standard error."""
    import json

    if not answer.empty:
        click.echo(json.dumps(answer.value, ensure_ascii=False, allow_nan=False), err=answer.failed)
    elif answer.failed:
        click.echo("the function answered with an error", err=True)
    return int(answer.failed)


def _announce(line: str) -> None:
    click.echo(f"witkit: {line}", err=True)


def _say_nothing(line: str) -> None:
    pass
