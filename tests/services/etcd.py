"""An etcd for the session, which the tests start."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Iterator

import pytest

from tests.services.names import new_name
from tests.services.private.etcd import PrivateEtcd
from tests.services.standing import Standing, url_fixture

ETCD = Standing("etcd")

etcd_url = url_fixture(ETCD, PrivateEtcd)


@pytest.fixture
def etcd_prefix(etcd_url: str) -> Iterator[str]:
    """What the test's keys have to begin with; afterwards those that do are deleted."""
    prefix = new_name()
    yield prefix
    remove_keys(etcd_url, prefix)


def remove_keys(url: str, prefix: str) -> None:
    """Delete all keys that begin with `prefix`, which has to be one of `new_name`."""
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    body = {"key": _text(prefix), "range_end": _text(after)}
    urllib.request.urlopen(f"{url}/v3/kv/deleterange", json.dumps(body).encode(), timeout=10).close()


def _text(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
