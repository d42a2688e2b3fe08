"""Redis at 127.0.0.1:6379, which the tests share with others: they delete what is theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.names import new_name
from tests.services.private.redis import PrivateRedis
from tests.services.standing import Standing, url_fixture

REDIS = Standing("redis", "redis://127.0.0.1:6379/0")

redis_url = url_fixture(REDIS, PrivateRedis)


@pytest.fixture
def redis_prefix(redis_url: str) -> Iterator[str]:
    """What the test's keys have to begin with; afterwards those that do are deleted."""
    prefix = new_name()
    yield prefix
    remove_keys(redis_url, prefix)


def remove_keys(url: str, prefix: str) -> None:
    """Delete all keys that begin with `prefix`, which has to be one of `new_name`."""
    import redis

    with redis.Redis.from_url(url) as client:
        for key in client.scan_iter(match=f"{prefix}*", count=1000):
            client.delete(key)
