"""Key-value stores in one bucket of NATS JetStream.

The key `<store>.<key>` of the bucket has the value. Letters, digits, `-`, `_` and `/` stand for themselves, every other
byte is `=` and two hexadecimal digits, and the store without a name is `=`. So no two keys are the same for NATS,
whatever characters they have.

JetStream has writes on disk when it acknowledges them, but asks the disk to flush only now and then: they survive the
end of the server, and not always that of its machine.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from witkit.backends.backend import Backend
from witkit.backends.errors import wrong_setting
from witkit.backends.limits import Limits
from witkit.backends.nats_client import CREDENTIALS, NATS, URL, NatsConnection, check_credentials, places
from witkit.backends.paging import page
from witkit.backends.settings import SECRET, TEXT, TIME_LIMIT, BackendSettings, setting

from .nats_bucket import NatsBucket, each, text, token
from .nats_watch import watch
from .protocol import KeyValue
from .watching import Watch

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.js import JetStreamContext

T = TypeVar("T")

HEADERS: Final = 1 << 10
"""The bytes of a message that are left for its headers."""

LIMITS: Final = Limits(name=255, key=1024, value=(1 << 20) - HEADERS)
"""A line of the protocol has 4096 bytes, with three for each byte of a name and a key. A message has as many bytes as
the server says, which is 1 MiB without other configuration."""


def named(bucket: str) -> None:
    """Raise WrongSetting (WIT0910) unless a bucket can have this name."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", bucket):
        help = "at most 64 letters, digits, `-` and `_`"
        raise wrong_setting("`bucket` cannot be the name of a bucket of NATS", help, "bucket")


@dataclass(frozen=True, slots=True, repr=False)
class NatsSettings(BackendSettings):
    url: str = setting(
        SECRET, "The server, or several ones of a cluster with commas between them.", URL, checked=places
    )
    credentials: str = setting(SECRET, CREDENTIALS, "", checked=check_credentials)
    bucket: str = setting(TEXT, "The bucket, created if it does not exist.", "witkit", checked=named)
    timeout: float = setting(TIME_LIMIT, "How long a call may take.", 5.0)


class NatsStores(KeyValue):
    """The stores of one bucket."""

    limits = LIMITS

    def __init__(self, settings: NatsSettings) -> None:
        self._bucket = settings.bucket
        self._server = NatsConnection(settings.url, settings.timeout, settings.credentials)
        self._direct = False
        self._over: tuple[Client, NatsBucket] | None = None
        self.location = f"{self._server.location}, bucket {settings.bucket}"

    def create(self, store: str) -> None:
        """Ask nothing of the server: a store exists as soon as it has a key."""
        self._server.check_open()

    def get(self, store: str, key: str) -> bytes | None:
        return self._run(lambda bucket: bucket.entry(store, key))[1]

    def set(self, store: str, key: str, value: bytes) -> None:
        self._run(lambda bucket: bucket.put(store, key, value))

    def delete(self, store: str, key: str) -> None:
        """Leave a mark that it is deleted, as every client of NATS does."""
        self._run(lambda bucket: bucket.remove(store, key))

    def swap(self, store: str, key: str, old: bytes | None, new: bytes) -> bool:
        return self._run(lambda bucket: bucket.swapped(store, key, old, new))

    def increment(self, store: str, key: str, delta: int) -> int:
        return self._run(lambda bucket: bucket.summed(store, key, delta))

    def keys(self, store: str, after: str = "", count: int | None = None) -> list[str]:
        return page(self._run(lambda bucket: bucket.found(store)), after, count)

    def get_many(self, store: str, keys: Sequence[str]) -> list[bytes | None]:
        found = self._run(lambda bucket: each(bucket.entry(store, key) for key in keys))
        return [value for _, value in found]

    def set_many(self, store: str, values: Mapping[str, bytes]) -> None:
        self._run(lambda bucket: each(bucket.put(store, key, value) for key, value in values.items()))

    def delete_many(self, store: str, keys: Sequence[str]) -> None:
        self._run(lambda bucket: each(bucket.remove(store, key) for key in keys))

    def watch(self, store: str, keys: Collection[str] | None = None) -> Watch:
        """Every change is seen."""
        one = next(iter(keys)) if keys is not None and len(keys) == 1 else None
        beginning = f"$KV.{self._bucket}.{token(store)}."
        subject = f"{beginning}>" if one is None else beginning + token(one)
        name = f"KV_{self._bucket}"
        return watch(self._server, subject, name, store, keys, lambda found: text(found[len(beginning) :]))

    def check(self) -> None:
        """Read what the server's limits are."""
        self._server.call(partial(self._looked, creates=False))

    def prepare(self) -> None:
        """Create the bucket if it does not exist."""
        self._server.call(partial(self._looked, creates=True))

    def close(self) -> None:
        self._server.close()

    def _run(self, work: Callable[[NatsBucket], Coroutine[Any, Any, T]]) -> T:
        return self._server.call(lambda client: work(self._over_connection(client)))

    def _over_connection(self, client: Client) -> NatsBucket:
        """The bucket over a connection, the same one as long as the connection lasts."""
        if self._over is None or self._over[0] is not client:
            self._over = client, NatsBucket(client, self._bucket, self._server.timeout, self._direct)
        return self._over[1]

    async def _looked(self, client: Client, *, creates: bool) -> None:
        """Read the limits of the bucket, if there is one."""
        from nats.js.errors import NotFoundError

        stream = client.jetstream(timeout=self._server.timeout)
        try:
            info = await stream.stream_info(f"KV_{self._bucket}")
        except NotFoundError:
            if not creates:
                return
            await self._create(stream)
            info = await stream.stream_info(f"KV_{self._bucket}")
        # Copies of a stream answer too, and may be behind.
        self._direct = bool(info.config.allow_direct) and info.config.num_replicas in (None, 1)
        self._over = None
        sizes = [client.max_payload, info.config.max_msg_size or -1]
        self.limits = replace(LIMITS, value=min(size for size in sizes if size > 0) - HEADERS)

    async def _create(self, stream: JetStreamContext) -> None:
        """Create the bucket, with another attempt if the server removes the last other one at the same time."""
        from nats.js.errors import ServerError

        for pause in (0.05, 0.2, None):
            try:
                await stream.create_key_value(bucket=self._bucket, direct=True)
                return
            except ServerError:
                if pause is None:
                    raise
                await asyncio.sleep(pause)


backend = Backend("A bucket of NATS JetStream.", NatsStores, NatsSettings, LIMITS, NATS)
