"""Settings: what every backend promises, and what each adds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.backends.errors import fails_with
from tests.backends.opening import opened
from witkit.interfaces.configs import configs as api
from witkit.text import WitkitError


@pytest.fixture(params=["memory", "environment"])
def configs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[api.ConfigsInterface]:
    """Each backend, with `greeting` set to `hello` and `empty` to nothing in the set `shop`."""
    monkeypatch.setenv("CONFIGS_SHOP_GREETING", "hello")
    monkeypatch.setenv("CONFIGS_SHOP_EMPTY", "")
    given = {"values": {"greeting": "hello", "empty": ""}} if request.param == "memory" else {}
    with opened("configs", request.param, **given) as found:
        yield found


def test_a_setting_is_read(configs: api.ConfigsInterface) -> None:
    assert configs.Configs.open("shop").get("greeting") == b"hello"


def test_an_empty_value_is_a_value(configs: api.ConfigsInterface) -> None:
    assert configs.Configs.open("shop").get("empty") == b""


@pytest.mark.parametrize("key", ["", "missing", "../greeting", "a\0b", "greeting "])
def test_a_missing_setting_is_not_found_with_its_key(configs: api.ConfigsInterface, key: str) -> None:
    with fails_with(api.ConfigsError_NotFound) as payload:
        configs.Configs.open("shop").get(key)
    assert payload == [key]


@pytest.mark.parametrize("name", ["", "shop", "../shop", "n" * 5000])
def test_every_string_names_a_set(configs: api.ConfigsInterface, name: str) -> None:
    with fails_with(api.ConfigsError_NotFound):
        configs.Configs.open(name).get("missing")


def test_in_memory_a_change_is_seen_by_every_handle_of_the_set() -> None:
    with opened("configs", "memory") as configs:
        one, two = configs.Configs.open("shop"), configs.Configs.open("shop")
        one.set("greeting", b"hi")
        assert two.get("greeting") == b"hi"
        with fails_with(api.ConfigsError_NotFound):
            configs.Configs.open("other").get("greeting")


def test_in_memory_a_value_does_not_change_with_its_buffer() -> None:
    with opened("configs", "memory") as configs:
        value = bytearray(b"hi")
        configs.Configs.open("").set("greeting", value)
        value[0] = 0
        assert configs.Configs.open("").get("greeting") == b"hi"


def test_two_backends_share_nothing() -> None:
    with opened("configs", "memory") as one, opened("configs", "memory") as two:
        one.Configs.open("shop").set("greeting", b"hi")
        with fails_with(api.ConfigsError_NotFound):
            two.Configs.open("shop").get("greeting")


def test_given_values_may_be_numbers() -> None:
    with opened("configs", "memory", values={"port": 8080, "debug": True, "rate": 0.5}) as configs:
        found = configs.Configs.open("")
        assert [found.get(key) for key in ("port", "debug", "rate")] == [b"8080", b"true", b"0.5"]


def test_the_environment_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    with opened("configs", "environment") as configs, fails_with(api.ConfigsError_PermissionDenied):
        configs.Configs.open("shop").set("greeting", b"hi")


@pytest.mark.parametrize(
    ("name", "key", "variable"),
    [
        ("shop", "api-url", "CONFIGS_SHOP_API_URL"),
        ("", "api-url", "CONFIGS_API_URL"),
        ("my shop", "é", "CONFIGS_MY_SHOP__"),
    ],
)
def test_variables_are_named_by_prefix_set_and_key(
    monkeypatch: pytest.MonkeyPatch, name: str, key: str, variable: str
) -> None:
    monkeypatch.setenv(variable, "yes")
    with opened("configs", "environment") as configs:
        assert configs.Configs.open(name).get(key) == b"yes"


def test_only_variables_with_the_prefix_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "do not show")
    monkeypatch.setenv("SHOP_PORT", "8080")
    with opened("configs", "environment", prefix="SHOP_") as configs:
        assert configs.Configs.open("").get("port") == b"8080"
        for name, key in (("", "SECRET"), ("", ""), ("..", "SECRET"), ("SECRET", "")):
            with fails_with(api.ConfigsError_NotFound):
                configs.Configs.open(name).get(key)


@pytest.mark.parametrize(
    ("backend", "settings"),
    [
        ("memory", {"values": "a=b"}),
        ("memory", {"values": {"a": ["b"]}}),
        ("memory", {"path": "x"}),
        ("environment", {"prefix": ""}),
        ("environment", {"prefix": "A B"}),
        ("environment", {"prefix": 3}),
    ],
)
def test_a_wrong_setting_is_refused(backend: str, settings: dict[str, Any]) -> None:
    with pytest.raises(WitkitError) as caught, opened("configs", backend, **settings):
        pass
    assert [found.code for found in caught.value.diagnostics] == ["WIT0910"]
