"""What the backends of settings without a server add to the contract."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.errors import fails_with
from tests.backends.opening import opened
from witkit.backends.stored_secrets import KEY_VARIABLE, SecretStore
from witkit.interfaces.configs import configs as api
from witkit.text import WitkitError
from witkit.text.secrets import masked


@contextmanager
def refused(code: str, said: str) -> Iterator[None]:
    with pytest.raises(WitkitError) as caught:
        yield
    (found,) = caught.value.diagnostics
    assert (found.code, said in found.message) == (code, True), found.message


def test_in_memory_a_change_stays_in_its_set() -> None:
    with opened("configs", "memory", values={"greeting": "hello"}) as configs:
        configs.Configs.open("shop").set("greeting", b"hi")
        assert configs.Configs.open("other").get("greeting") == b"hello"


def test_given_values_may_be_numbers() -> None:
    with opened("configs", "memory", values={"port": 8080, "debug": True, "rate": 0.5}) as configs:
        found = configs.Configs.open("")
        assert [found.get(key) for key in ("port", "debug", "rate")] == [b"8080", b"true", b"0.5"]


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


@pytest.mark.parametrize(("prefix", "key"), [(None, "Shop_url"), ("", "Shop_url"), ("Shop_", "url")])
def test_an_exact_key_is_the_name_of_the_variable(
    monkeypatch: pytest.MonkeyPatch, prefix: str | None, key: str
) -> None:
    monkeypatch.setenv("Shop_url", "http://here")
    given = {} if prefix is None else {"prefix": prefix}
    with opened("configs", "environment", exact=True, **given) as configs:
        assert configs.Configs.open("any").get(key) == b"http://here"
        if os.name != "nt":
            with fails_with(api.ConfigsError_NotFound):
                configs.Configs.open("any").get(key.upper())


def test_the_passphrase_of_secrets_is_not_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "do not show")
    with opened("configs", "environment", exact=True) as configs, fails_with(api.ConfigsError_NotFound):
        configs.Configs.open("any").get(KEY_VARIABLE)


def test_secrets_in_variables_are_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFIGS_SHOP_PASSWORD", "cocoa-with-cinnamon-on-top")
    monkeypatch.setenv("CONFIGS_SHOP_API_TOKEN", "latte-with-a-shot-of-vanilla")
    with opened("configs", "environment") as configs:
        shop = configs.Configs.open("shop")
        assert shop.get("password") == b"cocoa-with-cinnamon-on-top"
        assert masked("it is cocoa-with-cinnamon-on-top") == "it is ***"
        assert "api-token" in shop._configs.all("shop")
        assert masked("it is latte-with-a-shot-of-vanilla") == "it is ***"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "settings.toml"
    file.write_text('url = "http://here"\n[shop]\nport = 8080\nopen = true\n["my shop"]\nurl = "http://there"\n')
    return file


def test_tables_of_a_file_are_sets_and_what_is_before_them_is_the_one_without_a_name(file: Path) -> None:
    with opened("configs", "file", path=file) as configs:
        found = [("", "url"), ("shop", "port"), ("shop", "open"), ("my shop", "url")]
        values = [configs.Configs.open(name).get(key) for name, key in found]
        assert values == [b"http://here", b"8080", b"true", b"http://there"]
        with fails_with(api.ConfigsError_NotFound):
            configs.Configs.open("shop").get("url")


def test_a_file_may_begin_with_a_byte_order_mark(file: Path) -> None:
    file.write_text('color = "red"\n', encoding="utf-8-sig")
    with opened("configs", "file", path=file) as configs:
        assert configs.Configs.open("").get("color") == b"red"


def test_a_changed_file_is_read_again(file: Path) -> None:
    with opened("configs", "file", path=file) as configs:
        shop = configs.Configs.open("shop")
        assert shop.get("port") == b"8080"
        file.write_text("[shop]\nport = 18080\n")
        assert shop.get("port") == b"18080"
        replacement = file.with_name("new")
        replacement.write_text("[shop]\nport = 28080\n")
        replacement.replace(file)
        assert shop.get("port") == b"28080"


def test_a_file_that_cannot_be_read_any_more_is_io_error_without_its_name(file: Path) -> None:
    with opened("configs", "file", path=file) as configs:
        shop = configs.Configs.open("shop")
        for break_it in (lambda: file.write_text("[shop"), file.unlink):
            break_it()
            with fails_with(api.ConfigsError_IoError) as payload:
                shop.get("port")
            assert payload == ["the settings cannot be read"]
        file.write_text("[shop]\nport = 1\n")
        assert shop.get("port") == b"1"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[shop", "it is not valid TOML"),
        (b"\xff", "it is not a text in UTF-8"),
        (b"[shop]\nports = [1]", "the setting `shop.ports` must be a string or a number"),
        (b"[shop.more]\nport = 1", "the setting `shop.more` must be a string or a number"),
        (b"[[shop]]\nport = 1", "the setting `shop` must be a string or a number"),
        (None, "No such file"),
    ],
)
def test_a_file_that_has_no_settings_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "settings.toml"
    if content is not None:
        file.write_bytes(content)
    with refused("WIT0802", f"the file with settings cannot be used: {said}"):
        witkit.backends.open("configs", "file", path=file)


def test_secrets_in_a_file_of_settings_are_masked(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[shop]\npassword = "tea-with-milk-and-honey"\n')
    with opened("configs", "file", path=tmp_path / "settings.toml"):
        assert masked("it is tea-with-milk-and-honey") == "it is ***"


@pytest.fixture
def secrets(tmp_path: Path) -> SecretStore:
    store = SecretStore(tmp_path / ".witkit" / "secrets.json")
    for number, name in enumerate(["db", "shop/db", "a%2Fb/c", "a/b/c", "a%2Fc", "a%25"]):
        store.set(name, f"a-long-secret-{number}")
    return store


def test_secrets_are_named_by_set_and_key(secrets: SecretStore, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = secrets.file.parent.parent / "below"
    folder.mkdir()
    monkeypatch.chdir(folder)
    with opened("configs", "secrets") as configs:
        found = [("", "db"), ("shop", "db"), ("a/b", "c"), ("a", "b/c"), ("", "a/c"), ("", "a%")]
        values = [configs.Configs.open(name).get(key) for name, key in found]
        assert values == [b"a-long-secret-%d" % number for number in range(6)]
        assert masked("a-long-secret-3 a-long-secret-30") == "*** ***0"
        backend = configs.Configs.open("")._configs
        assert {key: set(backend.all(key)) for key in ("", "a", "a/b", "shop")} == {
            "": {"db", "a/c", "a%"},
            "a": {"b/c"},
            "a/b": {"c"},
            "shop": {"db"},
        }


def test_an_exact_key_is_the_name_of_the_secret(secrets: SecretStore) -> None:
    with opened("configs", "secrets", path=secrets.file, exact=True) as configs:
        assert configs.Configs.open("any").get("shop/db") == b"a-long-secret-1"
        assert len(configs.Configs.open("any")._configs.all("any")) == 6


def test_a_secret_that_is_stored_later_is_seen(secrets: SecretStore) -> None:
    with opened("configs", "secrets", path=secrets.file) as configs:
        secrets.set("db", "another-long-secret")
        assert configs.Configs.open("").get("db") == b"another-long-secret"


def test_secrets_need_their_key_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "right")
    SecretStore(tmp_path / "secrets.json").set("shop/db", "a-long-secret")
    with opened("configs", "secrets", path=tmp_path / "secrets.json") as configs:
        assert configs.Configs.open("shop").get("db") == b"a-long-secret"
    monkeypatch.setenv(KEY_VARIABLE, "wrong")
    with refused("WIT0913", "were not encrypted with the key"):
        witkit.backends.open("configs", "secrets", path=tmp_path / "secrets.json")


def test_secrets_that_others_can_read_are_io_error(secrets: SecretStore) -> None:
    with opened("configs", "secrets", path=secrets.file) as configs:
        secrets.file.chmod(0o644)
        with fails_with(api.ConfigsError_IoError) as payload:
            configs.Configs.open("").get("db")
    assert payload == ["the secrets cannot be read"]


@pytest.mark.parametrize(
    ("backend", "settings"),
    [
        ("memory", {"values": "a=b"}),
        ("memory", {"values": {"a": ["b"]}}),
        ("memory", {"path": "x"}),
        ("environment", {"prefix": ""}),
        ("environment", {"prefix": "A B"}),
        ("environment", {"prefix": "A B", "exact": True}),
        ("environment", {"prefix": 3}),
        ("environment", {"exact": "perhaps"}),
        ("file", {"path": ""}),
        ("redis", {"url": "http://here"}),
        ("nats", {"bucket": "a.b"}),
    ],
)
def test_a_wrong_setting_is_refused(backend: str, settings: dict[str, Any]) -> None:
    with pytest.raises(WitkitError) as caught, opened("configs", backend, **settings):
        pass
    assert [found.code for found in caught.value.diagnostics] == ["WIT0910"]
