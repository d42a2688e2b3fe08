"""Configurations of slight: what they choose, and what is wrong with them."""

from __future__ import annotations

from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import pytest

from tests.conftest import CORPUS
from witkit.backends.connect import NONE, Choice
from witkit.backends.http_client.grants import RequestGrants, read_allow
from witkit.backends.http_client.urls import parse
from witkit.backends.openings import Openings
from witkit.backends.stored_secrets import SecretStore
from witkit.backends.table import CAPABILITIES
from witkit.program.project import read_configuration
from witkit.text import WitkitError
from witkit.text.secrets import masked

ORDERS = """specversion = "0.2"

[[capability]]
resource = "keyvalue.redis"
name = "orders"
    [capability.configs]
    REDIS_ADDRESS = "redis://127.0.0.1:6379"
"""
REDIS = f"""{ORDERS}
[[capability]]
resource = "keyvalue.filesystem"
name = "stock"

[[capability]]
resource = "sql.postgres"
name = "*"
    [capability.configs]
    POSTGRES_CONNECTION_URL = "${{usersecrets.SHOP_DB}}"
"""


def read(folder: Path, text: str) -> dict[str, Choice]:
    file = folder / "slightfile.toml"
    file.write_text(text)
    return dict(read_configuration(file).choices)


def shape(choice: Choice) -> object:
    """A choice without places."""
    names = {name: shape(each) for name, each in choice.names.items()}
    return (choice.backend, dict(choice.settings), names) if names else (choice.backend, dict(choice.settings))


def test_names_have_backends_and_all_others_are_refused(tmp_path: Path) -> None:
    found = read(tmp_path, REDIS)
    assert shape(found["key-value"]) == (
        NONE,
        {},
        {"orders": ("redis", {"url": "redis://127.0.0.1:6379"}), "stock": ("filesystem", {})},
    )


def test_a_star_is_the_backend_of_all_names_and_a_store_becomes_a_reference(tmp_path: Path) -> None:
    assert shape(read(tmp_path, REDIS)["sql"]) == ("postgresql", {"url": "${secret:SHOP_DB}"})


def test_a_setting_has_the_place_of_slights(tmp_path: Path) -> None:
    found = read(tmp_path, REDIS)
    orders = found["key-value"].names["orders"].places["url"]
    assert (orders.source.position(orders.start), orders.text) == ((7, 5), "REDIS_ADDRESS")
    sql = found["sql"].places["url"]
    assert sql.source.position(sql.start)[0] == 17


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("${azapp.KEY}", "${env:KEY}"),
        ("${envvars.KEY}", "${env:KEY}"),
        ("${configs.envvars.KEY}", "${env:KEY}"),
        ("${usersecrets.KEY}", "${secret:KEY}"),
        ("${other.KEY}", "KEY"),
        ("redis://a", "redis://a"),
        ("a ${azapp.KEY}", "a $${azapp.KEY}"),
    ],
)
def test_only_a_whole_value_is_a_reference(tmp_path: Path, written: str, value: str) -> None:
    found = read(tmp_path, REDIS.replace("redis://127.0.0.1:6379", written))
    assert found["key-value"].names["orders"].settings == {"url": value}


def test_version_0_1_has_one_backend_for_a_capability(tmp_path: Path) -> None:
    text = 'specversion = "0.1"\nsecret_store = "configs.envvars"\n[[capability]]\nname = "kv.filesystem"\n'
    assert shape(read(tmp_path, text)["key-value"]) == ("filesystem", {})


def test_version_0_1_has_settings_in_its_secret_store(tmp_path: Path) -> None:
    text = 'specversion = "0.1"\nsecret_store = "configs.{}"\n[[capability]]\nname = "keyvalue.redis"\n'
    for store, kind in (("envvars", "env"), ("usersecrets", "secret")):
        assert shape(read(tmp_path, text.format(store))["key-value"]) == (
            "redis",
            {"url": f"${{{kind}:REDIS_ADDRESS}}"},
        )


def test_a_program_of_slight_may_request_every_public_host(tmp_path: Path) -> None:
    (choice,) = read(tmp_path, 'specversion = "0.2"\n[[capability]]\nresource = "http-client"\nname = "any"\n').values()
    assert (choice.backend, choice.settings, choice.names) == ("network", {"allow": ["*:*"]}, {})
    grants = RequestGrants(read_allow(choice.settings["allow"]), [])
    assert grants.covers(parse("http://shop.example:8080/"))
    assert not grants.permits("shop.example", ip_address("10.0.0.1"))


def test_http_needs_no_backend(tmp_path: Path) -> None:
    assert read(tmp_path, 'specversion = "0.2"\n[[capability]]\nresource = "http"\nname = "api"\n') == {}


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(WitkitError) as wrong:
        read(folder, text)
    lines = str(wrong.value).replace(f"{folder}/", "").splitlines()
    return [line for line in lines if "error[" in line]


def test_all_mistakes_are_reported_with_their_places(tmp_path: Path) -> None:
    text = """specversion = "0.2"
[[capability]]
resource = "keyvalue.reddis"
name = "a"
[[capability]]
resource = "keyvalue.redis"
[[capability]]
resource = "keyvalue.redis"
name = "b"
[[capability]]
resource = "keyvalue.filesystem"
name = "b"
[[capability]]
resource = "keyvalue.filesystem"
name = "*"
"""
    assert refused(tmp_path, text) == [
        "slightfile.toml:3:1: error[WIT0904]: slight has no resource `keyvalue.reddis`",
        "slightfile.toml:5:1: error[WIT0905]: `capability` needs `name`",
        "slightfile.toml:12:1: error[WIT0904]: the name `b` is there twice for one capability",
        "slightfile.toml:15:1: error[WIT0904]: `*` is for all names, and there are others",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "slightfile.toml:1:1: error[WIT0905]: `slightfile.toml` needs `specversion`"),
        ('specversion = "0.3"\n', "slightfile.toml:1:1: error[WIT0904]: `specversion` cannot be `0.3`"),
    ],
)
def test_the_version_must_be_known(tmp_path: Path, text: str, said: str) -> None:
    assert refused(tmp_path, text)[0].startswith(said)


def fixtures(kind: str) -> list[Path]:
    return sorted((CORPUS / "slightfiles" / kind).glob("*.toml"))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus (../shared/corpus) is not beside this checkout")
@pytest.mark.parametrize("file", [*fixtures("good"), *fixtures("examples")], ids=lambda file: file.stem)
def test_slights_own_files_are_accepted(file: Path) -> None:
    assert isinstance(read_configuration(file).choices, dict)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus (../shared/corpus) is not beside this checkout")
@pytest.mark.parametrize("file", fixtures("bad"), ids=lambda file: file.stem)
def test_the_files_that_slight_refuses_are_refused_with_a_place(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "slightfile.toml"
    copy.write_bytes(file.read_bytes())
    with pytest.raises(WitkitError) as wrong:
        read_configuration(copy)
    assert all(each.primary is not None or "specversion" in each.message for each in wrong.value.diagnostics)


def test_an_address_without_a_scheme_is_not_a_secret(tmp_path: Path) -> None:
    text = '[key-value]\nbackend = "redis"\nurl = "127.0.0.1:1"\n'
    (tmp_path / "witkit.toml").write_text(text)
    choice = read_configuration(tmp_path / "witkit.toml").choices["key-value"]
    with ExitStack() as stack, pytest.raises(WitkitError):
        Openings(stack).open(CAPABILITIES["key-value"], choice)
    assert masked("Redis at 127.0.0.1:1") == "Redis at 127.0.0.1:1"


def test_settings_of_slight_are_read_by_the_key_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("shop_url", "http://here")
    SecretStore(tmp_path / ".witkit" / "secrets.json").set("shop/db", "a-long-secret")
    text = 'specversion = "0.2"\n' + "".join(
        f'[[capability]]\nresource = "configs.{resource}"\nname = "{name}"\n'
        for resource, name in (("envvars", "shop"), ("usersecrets", "my-secrets"))
    )
    with ExitStack() as stack:
        selector = Openings(stack).selector(CAPABILITIES["configs"], read(tmp_path, text)["configs"])
        assert selector("shop").get("shop", "shop_url") == b"http://here"
        assert selector("my-secrets").get("my-secrets", "shop/db") == b"a-long-secret"


def test_brokers_of_slight_are_the_same_here(tmp_path: Path) -> None:
    text = """
specversion = "0.2"
[[capability]]
resource = "messaging.filesystem"
name = "orders"
[[capability]]
resource = "messaging.mosquitto"
name = "bills"
[capability.configs]
MOSQUITTO_HOST = "127.0.0.1"
MOSQUITTO_PORT = "1883"
"""
    bills = ("mqtt", {"host": "127.0.0.1", "port": "1883"})
    assert shape(read(tmp_path, text)["messaging"]) == (NONE, {}, {"orders": ("sqlite", {}), "bills": bills})
