"""Settings in a bucket of NATS JetStream: a set is what the key-value backend calls a store."""

from __future__ import annotations

from dataclasses import dataclass

from witkit.backends.backend import Backend
from witkit.backends.keyvalue import nats as keyvalue
from witkit.backends.nats_client import CREDENTIALS, NATS, URL, check_credentials, places
from witkit.backends.settings import SECRET, TEXT, TIME_LIMIT, setting

from .protocol import Configs, ConfigsSettings


@dataclass(frozen=True, slots=True, repr=False)
class NatsSettings(ConfigsSettings):
    url: str = setting(
        SECRET, "The server, or several ones of a cluster with commas between them.", URL, checked=places
    )
    credentials: str = setting(SECRET, CREDENTIALS, "", checked=check_credentials)
    bucket: str = setting(TEXT, "The bucket, created if it does not exist.", "witkit-config", checked=keyvalue.named)
    timeout: float = setting(TIME_LIMIT, "How long a call may take.", 5.0)


class NatsConfigs(Configs):
    """The sets of one bucket."""

    def __init__(self, settings: NatsSettings) -> None:
        own = keyvalue.NatsSettings(
            url=settings.url, credentials=settings.credentials, bucket=settings.bucket, timeout=settings.timeout
        )
        self._stores = keyvalue.NatsStores(own)
        self.limits, self.location, self.default_set = self._stores.limits, self._stores.location, settings.set

    def get(self, name: str, key: str) -> bytes | None:
        return self._stores.get(name, key)

    def set(self, name: str, key: str, value: bytes) -> None:
        self._stores.set(name, key, value)

    def all(self, name: str) -> dict[str, bytes]:
        # A store has no empty key, so that it does not list one.
        keys = ["", *self._stores.keys(name)]
        found = zip(keys, self._stores.get_many(name, keys), strict=True)
        return {key: value for key, value in found if value is not None}

    def check(self) -> None:
        """Read what the server's limits are."""
        self._stores.check()
        self.limits = self._stores.limits

    def prepare(self) -> None:
        """Create the bucket if it does not exist."""
        self._stores.prepare()
        self.limits = self._stores.limits

    def close(self) -> None:
        self._stores.close()


backend = Backend("A bucket of NATS JetStream.", NatsConfigs, NatsSettings, keyvalue.LIMITS, NATS)
