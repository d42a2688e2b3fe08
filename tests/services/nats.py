"""NATS with JetStream at 127.0.0.1:4222, which the tests share with others: they delete the streams that are theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.services.names import new_name
from tests.services.private.nats import PrivateNats
from tests.services.standing import Standing, url_fixture

NATS = Standing("nats", "nats://127.0.0.1:4222")

nats_url = url_fixture(NATS, PrivateNats)


@pytest.fixture
def nats_prefix(nats_url: str) -> Iterator[str]:
    """What the names of the test's buckets and streams have to begin with; afterwards those that do are deleted."""
    prefix = new_name()
    yield prefix
    asyncio.run(remove_streams(nats_url, prefix))


async def remove_streams(url: str, prefix: str) -> None:
    """Delete all streams whose name has `prefix`, one of `new_name`: buckets are streams `KV_…` and `OBJ_…`."""
    import nats

    connection = await nats.connect(url)
    try:
        jetstream = connection.jetstream()
        for stream in await jetstream.streams_info():
            if prefix in (stream.config.name or ""):
                await jetstream.delete_stream(stream.config.name or "")
    finally:
        await connection.close()
