"""What commands that launch guests share: lines for the operator, the trace, the log, and the engine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from witkit.runtime import Engine


def announced(line: str) -> None:
    """Print a line for the operator."""
    from witkit.program.worker import THIS

    worker = "" if THIS.number is None else f"worker {THIS.number}: "
    click.echo(f"witkit: {worker}{line}", err=True)


def trace_lines(wanted: bool, file: Path | None, form: str = "text") -> Callable[[str], object] | None:
    """What writes the lines of `--trace`, each at once, so that nothing is missing if the program is killed."""
    from witkit.program.log_lines import traced
    from witkit.text.writing import not_writable

    shown = traced if form == "json" else str
    if file is not None:
        try:
            written = click.get_current_context().with_resource(file.open("w", encoding="utf-8", buffering=1))
        except OSError as refused:
            raise not_writable(file, refused) from None
        return lambda line: _kept(written, file, shown(line))
    return (lambda line: click.echo(shown(line), err=True)) if wanted else None


def _kept(written: TextIO, file: Path, line: str) -> None:
    """Write one line. If that fails, say so once: the program itself goes on."""
    if written.closed:
        return
    try:
        written.write(f"{line}\n")
    except OSError as refused:
        from witkit.text.visible import visible

        with suppress(OSError):
            written.close()
        reason = (refused.strerror or str(refused)).lower()
        click.echo(visible(f"witkit: `{file}` cannot be written: {reason}; the trace ends here"), err=True)


def silent(line: str) -> None:
    """Print nothing."""


def engine_for(announce: Callable[[str], None]) -> Engine:
    """An engine that a signal can interrupt, and that announces compilations that take long.

    Only people wait: this is shown on a terminal only.
    """
    from witkit.cli.progress import LONG, announced_after
    from witkit.runtime import Engine

    def compiling(name: str) -> AbstractContextManager[None]:
        return announced_after(LONG, announce, f"compiling {name}: this machine does it once for each build")

    return Engine(on_compile=compiling if sys.stderr.isatty() else nullcontext)


@contextmanager
def logged(form: str = "text") -> Iterator[None]:
    """Write witkit's log to standard error, as `text` or `json`, and the lines of the access log as they are."""
    from witkit.program.log_lines import JsonLines, TextLines

    logs = [logging.getLogger(name) for name in ("witkit", "uvicorn")]
    access = logging.getLogger("witkit.http.access")
    handler, plain = logging.StreamHandler(), logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    for log in logs:
        log.addHandler(handler)
    access.addHandler(plain)
    access.propagate, before = False, access.level
    access.setLevel(logging.INFO)
    try:
        yield
    finally:
        for log in logs:
            log.removeHandler(handler)
        access.removeHandler(plain)
        access.propagate = True
        access.setLevel(before)
