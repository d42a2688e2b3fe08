"""`witkit run`: run a component as a program, with real storage for its imports."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit._leaving import NEEDS_READER
from witkit.cli.backing import backing_options
from witkit.cli.launching import announced, engine_for, logged, silent, trace_lines
from witkit.cli.options import GivenPath

if TYPE_CHECKING:
    from witkit.cli.backing import Backing
    from witkit.program.run import Answer
    from witkit.program.settings import RunSettings


MISPLACED = "witkit.run.misplaced"
"""The key in click's context of the program's arguments that were perhaps meant for witkit, with the options."""
CLOSE = 0.85
"""How similar to an option they are, by difflib: one letter is missing, doubled or wrong, or two are swapped."""


class _OptionsAfterComponent(click.Command):
    """Accepts options of the command directly after COMPONENT, too. The rest, or all after `--`, is the program's.

    Arguments of the program that look like an option are remembered in the context, except after `--`.
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
        """The number of arguments at the start that are options of this command or their values."""
        options = [option for option in self.params if isinstance(option, click.Option)]
        values = {
            name: 0 if option.is_flag else 1 for option in options for name in (*option.opts, *option.secondary_opts)
        }
        at = 0
        while at < len(args) and (name := args[at].partition("=")[0]) in values:
            at += 1 if "=" in args[at] else 1 + values[name]
        return min(at, len(args))


@click.command("run", cls=_OptionsAfterComponent, context_settings={"allow_interspersed_args": False})
@click.argument("component", type=GivenPath())
@click.argument("arguments", metavar="[ARGS]...", nargs=-1, type=click.UNPROCESSED)
@backing_options
@click.option("--invoke", metavar="NAME", help="Call this exported function with ARGS as JSON, and print its result.")
@click.option("--check", "only_check", is_flag=True, help="Report everything that prevents the run, and do not run.")
@click.option("--watch", is_flag=True, help="Run again whenever a file of the project changes. End with Ctrl-C.")
@click.option("--trace", is_flag=True, help="Print each call of an import with its arguments, result and time.")
@click.option(
    "--trace-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write these lines to a file instead of standard error.",
)
@click.option("-q", "--quiet", is_flag=True, help="Do not print where data is stored.")
def command(
    component: Path,
    arguments: tuple[str, ...],
    backing: Backing,
    invoke: str | None,
    only_check: bool,
    watch: bool,
    trace: bool,
    trace_file: Path | None,
    quiet: bool,
) -> int:
    """Run COMPONENT, a .wasm file or a guest's .py file, with ARGS.

    witkit provides its imports with backends. From this machine, the program gets its ARGS, standard input, output and
    error, clocks and random numbers, and otherwise only what options or `[grants]` in witkit.toml name. The exit code
    is the program's. A .py file does not need a build: this Python runs it with the same backends and the same rules.
    """
    from witkit.program.ending import ended_in_order
    from witkit.program.telemetry.opened import run_span, telemetry
    from witkit.program.triggers.http.own import OwnServers

    announce = silent if quiet else announced
    engine = engine_for(announce) if component.suffix != ".py" else None
    project = backing.configuration()
    settings = OwnServers(project.http, project.pool, announce, logged).over(
        backing.settings(project, announce, engine)
    )
    if watch:
        from witkit.program.watch import watching
        from witkit.text.projects import find_project

        folder = find_project(component.parent) if component.suffix == ".py" else None
        return watching(folder or component.parent, _without_watch(sys.argv))
    _warn_misplaced()
    if only_check:
        return _check(component, invoke, arguments, settings)
    with (
        ended_in_order(engine) as ending,
        telemetry(component.stem, announce, ending) as spans,
        run_span(spans, component.stem) as begun,
    ):
        settings = replace(settings, trace=trace_lines(trace, trace_file), spans=spans, ending=ending)
        if component.suffix == ".py":
            from witkit.program.native import invoke_native as call
            from witkit.program.native import run_native as run
        else:
            from witkit.program.run import invoke as call
            from witkit.program.run import run
        # It is a program like others: `witkit run app.py | head -1` ends in silence.
        before = NEEDS_READER.set(True)
        try:
            if invoke is not None:
                code = _print(call(component, invoke, arguments, settings))
            else:
                code = run(component, arguments, settings)
        finally:
            NEEDS_READER.reset(before)
        if code and begun is not None:
            begun.failed(f"exit {code}")
        return code


def _check(component: Path, invoked: str | None, arguments: tuple[str, ...], settings: RunSettings) -> int:
    """Report everything that prevents a run; gives the exit code."""
    from witkit.cli.report import exit_code, report, tally
    from witkit.program.preflight import Asked, checked

    asked = Asked(invoked, arguments)
    if component.suffix == ".py":
        from witkit.program.native import check_native

        found = check_native(component, settings, asked)
    else:
        found = checked(component, settings, asked)
    report(found, "text", last_line=tally(found) or f"nothing prevents `{component}` from running")
    return exit_code(found)


def _without_watch(command_line: list[str]) -> list[str]:
    """The command line without its first `--watch`: any other one is the program's."""
    at = command_line.index("--watch")
    return command_line[1:at] + command_line[at + 1 :]


def _warn_misplaced() -> None:
    for given, option in click.get_current_context().meta[MISPLACED]:
        meant = "it comes after an argument of the program" if given == option else f"did you mean `{option}`?"
        click.echo(
            f"witkit: `{given}` goes to the program: {meant} (put `--` before the program's arguments)", err=True
        )


def _print(answer: Answer) -> int:
    """Print the answer as JSON: a success to standard output, an error to standard error."""
    import json

    if not answer.empty:
        click.echo(json.dumps(answer.value, ensure_ascii=False, allow_nan=False), err=answer.failed)
    elif answer.failed:
        click.echo("the function returned an error", err=True)
    return int(answer.failed)
