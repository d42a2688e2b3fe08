"""Changes of keys in NATS: every message of the bucket is one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from witkit.backends.failure import Failure, Kind
from witkit.backends.nats_client import NatsConnection

from .watching import KeyChange, Reported, Watch


def watch(
    server: NatsConnection,
    subject: str,
    stream: str,
    store: str,
    keys: Collection[str] | None,
    key_of: Callable[[str], str],
) -> Watch:
    """The changes from now on. `key_of` has the key of a subject, or "" for none. Raises Failure."""
    from nats.js.api import DeliverPolicy

    opened: list[Any] = []

    async def take(message: Any) -> None:
        key = key_of(message.subject)
        if key and (keys is None or key in keys):
            gone = (message.headers or {}).get("KV-Operation") in ("DEL", "PURGE")
            changes.put(KeyChange(store, key, None if gone else message.data or b""))

    async def subscribe(client: Any) -> None:
        jetstream = client.jetstream(timeout=server.timeout)
        policy = DeliverPolicy.NEW
        found = await jetstream.subscribe(subject, stream=stream, ordered_consumer=True, deliver_policy=policy, cb=take)
        opened[:] = client, found

    def check() -> None:
        server.check_open()
        if not opened[0].is_connected:
            raise Failure(Kind.UNREACHABLE, "there is no connection to the server", "it ended during a watch")

    def close() -> None:
        if opened and opened[0].is_connected:
            with suppress(Failure):
                server.call(lambda client: opened[1].unsubscribe())

    changes = Reported(close, check)
    server.call(subscribe)
    return changes
