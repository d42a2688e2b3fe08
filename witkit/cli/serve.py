"""`witkit serve`: have a guest called for messages and requests, until a signal ends it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from witkit.cli.backing import backing_options
from witkit.cli.launching import announced, engine_for, logged, silent, trace_lines
from witkit.cli.machine import checked

if TYPE_CHECKING:
    from witkit.cli.backing import Backing


@click.command("serve")
@click.argument("guest", type=click.Path(path_type=Path, readable=False))
@backing_options
@click.option(
    "--subscribe", metavar="TOPIC", multiple=True, help="Call the guest for each message of this topic. Repeatable."
)
@click.option(
    "--address",
    metavar="HOST:PORT",
    help="Where requests are answered (default: where the guest says, or 127.0.0.1:8080). Port 0 is any that is free.",
)
@click.option("--monitoring", metavar="HOST:PORT", help="Where /healthz and /metrics are (default: nowhere).")
@click.option(
    "--instances",
    type=click.Choice(["fresh", "pooled"]),
    help="A new instance for each call (default), or instances that are kept.",
)
@click.option("--size", type=click.IntRange(1), help="Calls at once (default: one per processor).")
@click.option("--trace", is_flag=True, help="Print each call of an import with its arguments, result and time.")
@click.option(
    "--trace-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write these lines to a file instead of standard error.",
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How lines of the log are written (default: text). With json, those of the access log are JSON, too.",
)
@click.option("-q", "--quiet", is_flag=True, help="Do not print what is served and where data is stored.")
def command(
    guest: Path,
    backing: Backing,
    instances: Literal["fresh", "pooled"] | None,
    size: int | None,
    trace: bool,
    trace_file: Path | None,
    quiet: bool,
    log_format: str,
    address: str | None,
    monitoring: str | None,
    **options: Any,
) -> None:
    """Serve GUEST, a .wasm file or a guest's .py file: call its exports for messages and requests.

    Imports, grants and limits are as in `witkit run`; a timeout is that of one call. The guest's exports decide what
    calls it. A guest that stops costs its caller one failed call. Ends on Ctrl-C or SIGTERM: nothing more is accepted,
    and calls that run may end.
    """
    from witkit.program.ending import ended_in_order
    from witkit.program.serving import serve
    from witkit.program.telemetry.opened import telemetry
    from witkit.program.triggers.http.addresses import Address
    from witkit.program.triggers.table import triggers

    announce = silent if quiet else announced
    project = backing.configuration()
    given: dict[str, Any] = {
        name: value for name, value in (("instances", instances), ("size", size)) if value is not None
    }
    pool = replace(project.pool, **given)
    options["log_format"] = log_format
    options["address"] = None if address is None else checked("--address", Address.parse, address)
    options["monitoring"] = None if monitoring is None else checked("--monitoring", Address.parse, monitoring)
    configured = {each.name: each.read(project, options) for each in triggers()}
    settings = backing.settings(project, announce, engine_for(announce) if guest.suffix != ".py" else None)
    # Without the engine: a signal lets calls end, and `serve` interrupts those that do not.
    with logged(log_format), ended_in_order() as ending, telemetry(guest.stem, announce, ending) as spans:
        traced = replace(settings, trace=trace_lines(trace, trace_file), spans=spans, ending=ending)
        serve(guest, traced, pool, configured)
