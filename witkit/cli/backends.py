"""`witkit backends`: what `witkit run` can put behind the imports of a program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from witkit.backends.backend import Backend
    from witkit.backends.settings import DeclaredSetting
    from witkit.backends.table import Capability


@click.command("backends", short_help="List backends, their settings and limits.")
@click.argument("capabilities", nargs=-1, metavar="[CAPABILITY]...")
@click.option("--json", "is_json", is_flag=True, help="Print all that is known about the backends, for programs.")
def command(capabilities: tuple[str, ...], is_json: bool) -> int:
    """List the backends of each CAPABILITY (default: all) with their settings and limits.

    The default backend comes with a star. If a backend needs a client library that is not installed, the list says how
    to install it. After the name of a setting come its type and its default.
    """
    from witkit.backends.table import CAPABILITIES
    from witkit.text import did_you_mean

    for name in capabilities:
        if name not in CAPABILITIES:
            help = did_you_mean(name, CAPABILITIES) or f"capabilities: {', '.join(CAPABILITIES)}"
            raise click.UsageError(f"there is no capability `{name}`; {help}")
    chosen = [CAPABILITIES[name] for name in capabilities] or list(CAPABILITIES.values())
    if is_json:
        import json

        click.echo(json.dumps([_as_json(each) for each in chosen], indent=2))
        return 0
    click.echo("\n\n".join("\n".join(_lines(each)) for each in chosen))
    return 0


def _lines(capability: Capability) -> Iterator[str]:
    from witkit.backends.fronts.table import fronts_of
    from witkit.backends.settings import declared

    yield click.style(capability.name, bold=True)
    yield from (f"  import {name}" for front in fronts_of(capability.name) for name in front.names)
    for name in capability.names():
        backend = _backend(capability, name)
        star = " *" if name == capability.default else ""
        yield f"  {click.style(name, bold=True)}{star}: {backend.description.removesuffix('.')}{_missing(backend)}"
        if limits := ", ".join(f"{what} {most:,} bytes" for what, most in _limits(backend).items()):
            yield f"    limits: {limits}"
        for each in declared(backend.settings):
            yield f"    {each.name} ({each.type.name}, {_default(each)}): {each.doc.removesuffix('.')}"


def _backend(capability: Capability, name: str) -> Backend[Any]:
    from witkit.backends.plugins import BackendPlugin

    found = capability.backend(name)
    backend: Backend[Any] = found.backend if isinstance(found, BackendPlugin) else found
    return backend


def _missing(backend: Backend[Any]) -> str:
    if backend.installed:
        return ""
    assert backend.requires is not None
    return f" (not installed: pip install 'witkit[{backend.requires.extra}]')"


def _limits(backend: Backend[Any]) -> dict[str, int]:
    limits = {"name": backend.limits.name, "key": backend.limits.key, "value": backend.limits.value}
    return {what: most for what, most in limits.items() if most is not None}


def _default(setting: DeclaredSetting) -> str:
    from dataclasses import MISSING

    if setting.default is MISSING:
        return "required"
    if isinstance(setting.default, bool):
        return str(setting.default).lower()
    if isinstance(setting.default, int):
        return f"{setting.default:,}"
    if isinstance(setting.default, float):
        return f"{setting.default:g}"
    return "empty" if setting.default in (None, "") else str(setting.default)


def _as_json(capability: Capability) -> dict[str, Any]:
    from witkit.backends.fronts.table import fronts_of

    return {
        "capability": capability.name,
        "interfaces": [name for front in fronts_of(capability.name) for name in front.names],
        "default": capability.default,
        "backends": [_backend_as_json(capability, name) for name in capability.names()],
    }


def _backend_as_json(capability: Capability, name: str) -> dict[str, Any]:
    from dataclasses import MISSING

    from witkit.backends.settings import declared

    backend = _backend(capability, name)
    return {
        "name": name,
        "description": backend.description,
        "installed": backend.installed,
        "extra": backend.requires.extra if backend.requires else None,
        "limits": _limits(backend),
        "settings": [
            {
                "name": each.name,
                "type": each.type.name,
                "required": each.default is MISSING,
                "default": None if each.default is MISSING else _plain(each.default),
                "description": each.doc,
            }
            for each in declared(backend.settings)
        ],
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | float | str) else str(value)
