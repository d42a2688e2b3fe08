"""The command group, and how every command ends.

A command is a module with a click command called `command`. Its function returns an exit code, or None for 0:
0 clean, 1 findings or bad input, 2 wrong use, wrong configuration or a tool that failed. It may raise `WitkitError`
at any time; its diagnostics are then written to standard error.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from errno import EACCES, ENAMETOOLONG
from importlib import import_module

import click

from witkit._leaving import OutOfTime, Terminated
from witkit._version import __version__
from witkit.cli.suggesting import SuggestingGroup
from witkit.text.secrets import learn_arguments, masked, masked_by_form

COMMANDS = {
    "backends": "witkit.cli.backends",
    "build": "witkit.cli.build",
    "check": "witkit.cli.check",
    "deps": "witkit.cli.deps",
    "diff": "witkit.cli.diff",
    "explain": "witkit.cli.explain",
    "fmt": "witkit.cli.fmt",
    "gen": "witkit.cli.gen",
    "new": "witkit.cli.new",
    "rules": "witkit.cli.rules",
    "run": "witkit.cli.run",
    "secret": "witkit.cli.secret",
    "serve": "witkit.cli.serve",
    "show": "witkit.cli.show",
    "upgrade": "witkit.cli.upgrade",
}

_OF_OTHER_TOOLS = {
    "bindgen": "gen",
    "bindings": "gen",
    "compile": "build",
    "componentize": "build",
    "format": "fmt",
    "generate": "gen",
    "init": "new",
    "inspect": "show",
    "lint": "check",
    "print": "show",
    "validate": "check",
    "wit": "show",
}
"""What other tools call a command."""

INTERRUPTED = 130
BROKEN_PIPE = 141


class LazyGroup(SuggestingGroup):
    """A group that imports the module of a command only when the command is used."""

    synonyms = _OF_OTHER_TOOLS

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name]).command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, "--version", message="witkit %(version)s")
def witkit() -> None:
    """Check WIT packages, generate typed Python for hosts and guests, and build and run components."""


def run(arguments: Sequence[str]) -> int:
    """Run a command line and return its exit code. Nothing a user does ends in a traceback."""
    _have_streams()
    _survive_any_text()
    learn_arguments(arguments)
    try:
        code = _invoke(list(arguments))
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as wrong:
        _show(wrong)
        return 2
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return _broken_pipe()
    except Exception as broken:
        code = _signalled(broken)
        return _failed(broken) if code is None else code


def _invoke(arguments: list[str]) -> object:
    """Do what `click.Group.main` does, without its handling of errors."""
    if "_WITKIT_COMPLETE" in os.environ:
        # The shell asks for completions.
        return witkit.main(arguments, "witkit")
    with witkit.make_context("witkit", arguments) as context:
        return witkit.invoke(context)


def _have_streams() -> None:
    """Redirect the standard streams that the caller has closed to the null device.

    Otherwise the next file to be opened would get the number of such a stream, and with it a guest's output.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            with suppress(OSError):
                os.close(number)
            # The lowest free number is that of the closed stream, because those below it are taken by now.
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), "w" if number else "r"))


def _survive_any_text() -> None:
    """Write characters that the terminal's encoding lacks as escapes, instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _broken_pipe() -> int:
    """Discard what is still buffered, because the reader is gone, so that the interpreter exits without a message."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(nowhere, stream.fileno())
    return BROKEN_PIPE


def _show(wrong: click.ClickException) -> None:
    """Show click's message about a wrong command line, without secrets."""
    said = io.StringIO()
    wrong.show(said)
    click.echo(masked(said.getvalue()), err=True, nl=False)


def _signalled(problem: BaseException | None) -> int | None:
    """The exit code if a signal caused the problem: Python wraps what is raised while it creates a class."""
    while problem is not None and not isinstance(problem, OutOfTime):
        if isinstance(problem, Terminated):
            return int(problem.code or 0)
        if isinstance(problem, KeyboardInterrupt):
            return INTERRUPTED
        problem = problem.__cause__ or problem.__context__
    return None


def _failed(problem: Exception) -> int:
    """Report diagnostics as they are, system errors in one line, and anything else as a defect of witkit.

    With WITKIT_TRACEBACK=1, show the traceback first, without secrets.
    """
    from witkit.cli.report import exit_code, report
    from witkit.text import WitkitError
    from witkit.text.bytecode import damaged
    from witkit.text.visible import visible

    if os.environ.get("WITKIT_TRACEBACK") == "1":
        click.echo(visible(masked_by_form("".join(traceback.format_exception(problem)))), err=True, nl=False)
    if isinstance(problem, WitkitError):
        report(problem.diagnostics, "text", to_stderr=True)
        return exit_code(problem.diagnostics)
    if isinstance(problem, OSError) and problem.errno in (EACCES, ENAMETOOLONG) and problem.filename:
        from witkit.ir.load.files import refused_path

        report([refused_path(os.fsdecode(problem.filename), problem)], "text", to_stderr=True)
        return 1
    if isinstance(problem, FileNotFoundError) and not problem.filename:
        click.echo("witkit: the current folder does not exist any more: change to another one", err=True)
        return 2
    if isinstance(problem, OSError) and problem.strerror:
        where = f"{problem.filename}: " if problem.filename else ""
        click.echo(visible(f"witkit: {where}{problem.strerror.lower()}"), err=True)
        return 2
    if found := damaged(problem):
        click.echo(visible(f"witkit: {found}"), err=True)
        return 2
    what = visible(masked_by_form(" ".join(f"{type(problem).__name__}: {problem}".split())))
    click.echo(
        f"witkit {__version__} has a defect: {what}. Please report it with the command you ran"
        " (WITKIT_TRACEBACK=1 shows the traceback).",
        err=True,
    )
    return 2
