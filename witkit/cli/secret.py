"""`witkit secret`: store secrets for `${secret:NAME}` in settings, and for guests that read their settings."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from witkit.cli.suggesting import SuggestingGroup

if TYPE_CHECKING:
    from witkit.backends.stored_secrets import SecretStore


@click.group("secret", cls=SuggestingGroup, short_help="Store secrets for settings.")
def command() -> None:
    """Store secrets that settings name as `${secret:NAME}`.

    They are in the nearest .witkit/secrets.json, from the current folder upwards, or in the file that
    WITKIT_SECRETS_FILE names. Only its owner can read it. If WITKIT_SECRETS_KEY has a passphrase, it is encrypted.
    """


@command.command("set")
@click.argument("name")
def set_(name: str) -> int:
    """Store the secret NAME, which is read from standard input. A terminal does not show what you type."""
    store = _store()
    value = _typed(name) if sys.stdin.isatty() else _piped()
    if not name or "}" in name or "{" in name:
        raise click.UsageError("a name has at least one character, and no braces")
    if not value:
        raise click.UsageError(f"no secret was given: witkit secret set {name} < FILE")
    store.set(name, value)
    click.echo(f"stored `{name}` in {store.file}", err=True)
    return 0


@command.command("list")
def list_() -> int:
    """Print the names of the secrets, without their values."""
    for name in _store().names():
        click.echo(name)
    return 0


@command.command("remove")
@click.argument("name")
def remove(name: str) -> int:
    """Remove the secret NAME. The exit code is 1 if there is none."""
    store = _store()
    if store.remove(name):
        click.echo(f"removed `{name}` from {store.file}", err=True)
        return 0
    click.echo(f"there is no secret `{name}` in {store.file}", err=True)
    return 1


def _store() -> SecretStore:
    from witkit.backends.stored_secrets import SecretStore

    return SecretStore.nearest(Path())


def _typed(name: str) -> str:
    from getpass import getpass

    return getpass(f"{name}: ")


def _piped() -> str:
    """Standard input without the byte order mark of an editor, and without the line end that `echo` adds."""
    try:
        text = sys.stdin.buffer.read().decode("utf-8-sig")
    except ValueError:
        raise click.UsageError("a secret is a text in UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r")
