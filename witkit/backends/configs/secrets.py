"""Settings from the secrets that `witkit secret` stores.

The secret for the key `db` in the set `shop` is `shop/db`, and in the set without a name `db`. In the name of the set,
and in a key of the set without a name, `/` is `%2F` and `%` is `%25`, so that no two settings share a secret. With the
setting `exact`, the key is the secret's name, in every set.

Every value that is read is masked in what witkit writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from witkit.backends.backend import Backend
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits
from witkit.backends.settings import EXISTING_FILE, FLAG, setting
from witkit.backends.stored_secrets import SecretStore
from witkit.text import WitkitError

from .protocol import Configs, ConfigsSettings, closed, read_only


@dataclass(frozen=True, slots=True, repr=False)
class SecretsSettings(ConfigsSettings):
    path: Path = setting(
        EXISTING_FILE, "The file with secrets (the nearest `.witkit/secrets.json`, from here upwards).", None
    )
    exact: bool = setting(FLAG, "Whether the key as it is is the name of the secret, whatever the set.", False)


class SecretConfigs(Configs):
    """The secrets of one file."""

    limits = Limits()

    def __init__(self, settings: SecretsSettings) -> None:
        given: Any = settings.path
        self._store = SecretStore.nearest(Path()) if given is None else SecretStore(settings.path)
        self._store = SecretStore(self._store.file.absolute())
        self._exact, self.default_set, self._closed = settings.exact, settings.set, False
        self.location = f"the secrets of {settings.path or 'this project'}"
        self._store.check()

    def get(self, name: str, key: str) -> bytes | None:
        with self._failures():
            found = self._store.get(key if self._exact else f"{_beginning(name)}{_spelled(name, key)}")
        return None if found is None else found.encode()

    def set(self, name: str, key: str, value: bytes) -> None:
        self.check()
        raise read_only("secrets can only be changed with `witkit secret`")

    def all(self, name: str) -> dict[str, bytes]:
        with self._failures():
            found = {secret: self._store.get(secret) for secret in self._store.names()}
        keys = ((self._key(name, secret), value) for secret, value in found.items())
        return {key: value.encode() for key, value in keys if key is not None and value is not None}

    def check(self) -> None:
        with self._failures():
            self._store.check()

    def close(self) -> None:
        self._closed = True

    @contextmanager
    def _failures(self) -> Iterator[None]:
        if self._closed:
            raise closed()
        try:
            yield
        except WitkitError as wrong:
            raise Failure(Kind.IO, "the secrets cannot be read", wrong.diagnostics[0].message) from wrong

    def _key(self, name: str, secret: str) -> str | None:
        """The key of a secret, or None if it is not in this set."""
        if self._exact:
            return secret
        beginning = _beginning(name)
        if not secret.startswith(beginning):
            return None
        key = secret.removeprefix(beginning)
        if name:
            return key
        return None if "/" in key else key.replace("%2F", "/").replace("%25", "%")


def _beginning(name: str) -> str:
    return f"{_escaped(name)}/" if name else ""


def _spelled(name: str, key: str) -> str:
    return key if name else _escaped(key)


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("/", "%2F")


backend = Backend("The secrets that `witkit secret` stores.", SecretConfigs, SecretsSettings)
