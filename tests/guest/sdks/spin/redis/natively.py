"""The guest under CPython."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import ClassVar

import pytest
from componentize_py_types import Err
from spin_sdk.wit.imports.spin_key_value_key_value_3_0_0 import Error_AccessDenied

from witkit.guest import Bound


class Store:
    """A key-value store of the host."""

    kept: ClassVar[dict[str, bytes]] = {}

    @classmethod
    async def open(cls, label: str) -> Store:
        return cls()

    async def set(self, key: str, value: bytes) -> None:
        if value == b"secret":
            raise Err(Error_AccessDenied())
        self.kept[key] = value


def test_a_message_is_kept(wit_host: Callable[..., Bound]) -> None:
    guest = wit_host(spin_key_value_key_value_3_0_0=SimpleNamespace(Store=Store)).load("app")
    assert asyncio.run(guest.redis_handler.handle_message(b"hello")) is None
    assert Store.kept == {"last": b"hello"}


def test_an_error_that_the_trigger_does_not_know_stops_the_guest(wit_host: Callable[..., Bound]) -> None:
    guest = wit_host(spin_key_value_key_value_3_0_0=SimpleNamespace(Store=Store)).load("app")
    with pytest.raises(Exception, match="AccessDenied"):
        asyncio.run(guest.redis_handler.handle_message(b"secret"))
