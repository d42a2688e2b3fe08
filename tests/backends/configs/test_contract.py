"""Settings: what every backend promises."""

from __future__ import annotations

import itertools
import threading
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from tests.backends.configs.backends import GIVEN, SERVERS, Backend, backend_of
from tests.backends.errors import fails_with
from tests.backends.opening import opened
from witkit.backends.connect import Choice
from witkit.backends.failure import Failure, Kind
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
from witkit.interfaces.configs import configs as api

HOSTILE = [
    "",
    "a/b",
    "../a",
    "a\0b",
    "a:b",
    "a.b",
    "a%2Fb",
    "%",
    "=",
    "*",
    ">",
    " ",
    "é",
    "e\u0301",
    "A",
    "a",
    "\U0001f375",
]
"""Names and keys that a server may have a meaning for, or take for one another."""


def test_a_setting_is_read(configs: api.ConfigsInterface) -> None:
    assert configs.Configs.open("shop").get("greeting") == b"hello"


def test_an_empty_value_is_a_value(configs: api.ConfigsInterface) -> None:
    assert configs.Configs.open("shop").get("empty") == b""


@pytest.mark.parametrize("key", ["", "missing", "../greeting", "a\0b", "greeting ", "k" * 100_000])
def test_a_missing_setting_is_not_found_with_its_key(configs: api.ConfigsInterface, key: str) -> None:
    with fails_with(api.ConfigsError_NotFound) as payload:
        configs.Configs.open("shop").get(key)
    assert payload == [key]


@pytest.mark.parametrize("name", ["", "Shop ", "../shop", "shop/", "n" * 255])
def test_every_text_names_a_set(configs: api.ConfigsInterface, name: str) -> None:
    with fails_with(api.ConfigsError_NotFound):
        configs.Configs.open(name).get("missing")


def test_all_settings_of_a_set_are_found(backend: Backend) -> None:
    with backend.spoken() as configs:
        assert configs.all("shop") == {key: value.encode() for key, value in GIVEN.items()}
        given = configs.all("shop") if backend.name == "memory" else {}
        assert configs.all("other") == given


def test_a_change_is_seen_by_every_handle_of_the_set(writable: Backend) -> None:
    with writable.opened() as configs:
        one, two = configs.Configs.open("shop"), configs.Configs.open("shop")
        one.set("greeting", b"hi")
        one.set("more", b"\0\xff")
        assert (two.get("greeting"), two.get("more")) == (b"hi", b"\0\xff")


@pytest.mark.parametrize("server", SERVERS)
def test_a_change_is_seen_by_other_programs_and_later(server: str, request: pytest.FixtureRequest) -> None:
    backend = backend_of(server, request)
    with backend.opened() as one, backend.opened() as other:
        one.Configs.open("shop").set("greeting", b"hi")
        assert other.Configs.open("shop").get("greeting") == b"hi"
    with backend.opened() as later:
        assert later.Configs.open("shop").get("greeting") == b"hi"


def test_names_and_keys_are_never_taken_for_one_another(writable: Backend) -> None:
    with writable.spoken() as configs:
        pairs = list(itertools.product(HOSTILE, repeat=2))
        for number, (name, key) in enumerate(pairs):
            configs.set(name, key, b"%d" % number)
        assert [configs.get(name, key) for name, key in pairs] == [b"%d" % number for number in range(len(pairs))]
        found = configs.all("a/b")
        assert {key for key in found if key not in GIVEN} == set(HOSTILE)


def test_a_value_does_not_change_with_its_buffer(writable: Backend) -> None:
    with writable.opened() as configs:
        value: Any = bytearray(b"hi")
        configs.Configs.open("").set("greeting", value)
        value[0] = 0
        assert configs.Configs.open("").get("greeting") == b"hi"


def test_threads_share_a_backend(writable: Backend) -> None:
    with writable.opened() as configs:

        def change(number: int) -> None:
            own = configs.Configs.open("shop")
            for _ in range(10):
                own.set(f"{number}", b"%d" % number)
                assert own.get(f"{number}") == b"%d" % number

        threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [configs.Configs.open("shop").get(f"{number}") for number in range(4)] == [b"0", b"1", b"2", b"3"]


def test_what_can_only_be_read_denies_every_change(read_only: Backend) -> None:
    with read_only.opened() as configs:
        shop = configs.Configs.open("shop")
        for key in ("greeting", "new"):
            with fails_with(api.ConfigsError_PermissionDenied):
                shop.set(key, b"hi")
        assert shop.get("greeting") == b"hello"


@pytest.mark.parametrize("server", SERVERS)
def test_limits_are_real(server: str, request: pytest.FixtureRequest) -> None:
    with backend_of(server, request).opened() as configs:
        limits = configs.Configs.open("shop")._configs.limits  # type: ignore[attr-defined]
        name, key, value = "n" * limits.name, "k" * limits.key, bytes(limits.value)
        longest = configs.Configs.open(name)
        longest.set(key, value)
        assert longest.get(key) == value
        for more in ((key + "k", b""), ("key", value + b"\0")):
            with fails_with(api.ConfigsError_InvalidValue):
                longest.set(*more)
        with fails_with(api.ConfigsError_UnexpectedError):
            configs.Configs.open(name + "n")


def test_two_backends_in_memory_share_nothing() -> None:
    with opened("configs", "memory") as one, opened("configs", "memory") as two:
        one.Configs.open("shop").set("greeting", b"hi")
        with fails_with(api.ConfigsError_NotFound):
            two.Configs.open("shop").get("greeting")


def test_a_closed_backend_says_so(backend: Backend) -> None:
    with backend.spoken() as configs:
        pass
    calls: list[Any] = [configs.check, lambda: configs.get("shop", "a"), lambda: configs.all("shop")]
    for call in [*calls, lambda: configs.set("shop", "a", b"")]:
        with pytest.raises(Failure) as caught:
            call()
        assert caught.value.kind is Kind.CLOSED


def test_a_backend_that_is_chosen_twice_is_opened_once(backend: Backend) -> None:
    with ExitStack() as stack:
        openings = Openings(stack)
        choice = Choice(backend.name, backend.settings)
        one, two = (openings.open(CAPABILITIES["configs"], each) for each in (choice, replace(choice)))
        assert one is two
