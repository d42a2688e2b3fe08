"""`witkit serve`: have a guest called for messages and requests, until a signal ends it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn

import click

from witkit.cli.backing import backing_options
from witkit.cli.launching import announced, engine_for, logged, silent, trace_lines
from witkit.cli.machine import checked
from witkit.cli.options import GivenPath

if TYPE_CHECKING:
    from witkit.cli.backing import Backing
    from witkit.program.triggers.http.addresses import Address

ARGUMENTS: Final = "witkit.arguments"
"""Where the context has them."""


OF: Final = {"subscribe": ("messages",), "address": ("http", "events")}
"""The triggers that options are for."""


class RepeatableCommand(click.Command):
    """A command that can be started again with the same arguments."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[ARGUMENTS] = list(args)
        return super().parse_args(ctx, args)


@click.command("serve", cls=RepeatableCommand, short_help="Serve GUEST: call its exports for messages and requests.")
@click.argument("guest", type=GivenPath())
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
@click.option("--workers", type=click.IntRange(1, 1000), help="Processes that share the work (default: 1).")
@click.option("--worker", hidden=True, help="The number of this process, and the descriptor of its link.")
@click.option("--shared", hidden=True, help="The address that all workers have.")
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
    help="How lines of the log are written (default: text). With json, the access log and the trace are JSON, too.",
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
    workers: int | None,
    worker: str | None,
    shared: str | None,
    **options: Any,
) -> None:
    """Serve GUEST, a .wasm file or a guest's .py file: call its exports for messages and requests.

    Imports, grants and limits are as in `witkit run`; a timeout is that of one call. The guest's exports decide what
    calls it. If a guest stops, one call fails, and the next one gets a new instance. Ctrl-C and SIGTERM end the
    command: it accepts nothing more, and lets running calls finish.
    """
    from witkit.program.ending import ended_in_order
    from witkit.program.serving import serve
    from witkit.program.telemetry.opened import telemetry
    from witkit.program.triggers.http.addresses import Address
    from witkit.program.triggers.table import triggers
    from witkit.program.worker import Link

    announce = silent if quiet else announced
    if "" in options["subscribe"]:
        raise click.UsageError("Invalid value for '--subscribe': a topic must not be empty")
    project = backing.configuration()
    options["address"] = None if address is None else checked("--address", Address.parse, address)
    if worker is None and (count := project.workers if workers is None else workers) > 1:
        several(count, options["address"] or project.http.address, announce, log_format)
    link = None if worker is None else Link.parse(worker)
    if link is not None:
        link.begin()
        options["worker"], options["first"] = link.number, link.is_first
        options["address"] = options["address"] if shared is None else Address.parse(shared)
        trace_file = None if trace_file is None else trace_file.with_stem(f"{trace_file.stem}.{link.number}")
    given: dict[str, Any] = {
        name: value for name, value in (("instances", instances), ("size", size)) if value is not None
    }
    pool = replace(project.pool, **given)
    options["log_format"] = log_format
    options["monitoring"] = None if monitoring is None else checked("--monitoring", Address.parse, monitoring)
    configured = {each.name: each.read(project, options) for each in triggers()}
    settings = backing.settings(project, announce, engine_for(announce) if guest.suffix != ".py" else None)
    started = (lambda: None) if link is None else link.ready
    parameters = click.get_current_context().params
    asked = {f"--{name}": of for name, of in OF.items() if parameters[name]}
    # Without the engine: a signal lets calls end, and `serve` interrupts those that do not.
    with logged(log_format), ended_in_order() as ending, telemetry(guest.stem, announce, ending) as spans:
        traced = replace(settings, trace=trace_lines(trace, trace_file, log_format), spans=spans, ending=ending)
        serve(guest, traced, pool, configured, started=started, asked=asked)


def several(count: int, address: Address | None, announce: Callable[[str], None], log_format: str) -> NoReturn:
    """Serve with `count` processes, which have the arguments of this one."""
    from witkit.program.ending import ended_in_order
    from witkit.program.workers import Workers, command_of

    context = click.get_current_context()
    arguments: list[str] = context.meta[ARGUMENTS]
    with logged(log_format), ended_in_order() as ending, ExitStack() as stack:
        if address is not None and address.port == 0:
            # One that is free for all of them. Other addresses are for the guest, if it answers requests at all.
            host, port = stack.enter_context(address.reserved()).getsockname()[:2]
            arguments = ["--shared", str(type(address)(host, port)), *arguments]
        context.exit(Workers(command_of("serve"), arguments, count, announce).run(ending))
