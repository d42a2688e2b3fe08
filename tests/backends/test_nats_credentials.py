"""NATS servers that let in only users with credentials of their operator."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import witkit.backends
from tests.services.private.nats_operator import OperatorNats
from witkit import WitkitError
from witkit.program.project import read_configuration

pytestmark = pytest.mark.nats


@pytest.fixture(scope="module")
def server() -> Iterator[OperatorNats]:
    with OperatorNats() as started:
        yield started


def test_the_text_of_a_creds_file_lets_key_value_stores_in(server: OperatorNats) -> None:
    with witkit.backends.open("key-value", "nats", url=server.url, credentials=server.credentials) as stores:
        store = stores.Keyvalue.open("orders")
        store.set("1", b"apples")
        assert store.get("1") == b"apples"


def test_it_lets_sets_of_configuration_in(server: OperatorNats) -> None:
    with witkit.backends.open("configs", "nats", url=server.url, credentials=server.credentials) as configs:
        opened = configs.Configs.open("shop")
        opened.set("currency", b"EUR")
        assert opened.get("currency") == b"EUR"


def test_it_lets_messages_in(server: OperatorNats) -> None:
    chosen = {"url": server.url, "credentials": server.credentials, "wait": 5}
    with witkit.backends.open("messaging", "nats", **chosen) as messaging:
        pub, sub = messaging.Pub.open("shop"), messaging.Sub.open("shop")
        token = sub.subscribe("orders")
        pub.publish(b"apples", "orders")
        assert sub.receive(token) == b"apples"


@pytest.mark.parametrize("whose", ["nobody's", "a stranger's"])
def test_whoever_has_no_credentials_of_the_operator_is_refused(whose: str, server: OperatorNats) -> None:
    given = server.of_a_stranger if whose == "a stranger's" else ""
    with (
        pytest.raises(WitkitError) as refused,
        witkit.backends.open("key-value", "nats", url=server.url, credentials=given),
    ):
        pass
    assert "the server refuses the credentials" in str(refused.value)
    assert not any(line in str(refused.value) for line in given.splitlines() if line)


def test_what_is_not_the_text_of_such_a_file_is_a_wrong_setting() -> None:
    with (
        pytest.raises(WitkitError, match=r"not the text of a file of credentials[\s\S]*file:PATH") as wrong,
        witkit.backends.open("key-value", "nats", credentials="path/of/it"),
    ):
        pass
    assert wrong.value.diagnostics[0].code == "WIT0910"


def test_a_damaged_seed_is_reported_without_it(server: OperatorNats) -> None:
    begins, seed = server.credentials.split("SEED-----\n")
    damaged = f"{begins}SEED-----\n{seed[:20]}\n"
    with (
        pytest.raises(WitkitError, match=r"the seed in `credentials` is damaged") as wrong,
        witkit.backends.open("key-value", "nats", url=server.url, credentials=damaged),
    ):
        pass
    assert seed[:20] not in str(wrong.value)


def test_a_library_that_is_missing_is_named(server: OperatorNats, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "nkeys", raising=False)
    monkeypatch.setattr("witkit.backends.nats_client.find_spec", lambda name: None)
    with (
        pytest.raises(WitkitError, match=r"needs the Python module `nkeys`[\s\S]*pip install 'witkit\[nats\]'"),
        witkit.backends.open("key-value", "nats", url=server.url, credentials=server.credentials),
    ):
        pass


def test_slights_setting_is_the_text_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NATS_CREDS", "a very secret seed")
    file = tmp_path / "slightfile.toml"
    file.write_text(
        'specversion = "0.2"\n[[capability]]\nresource = "messaging.nats"\nname = "*"\n'
        '    [capability.configs]\n    NATS_CREDS = "${azapp.NATS_CREDS}"\n'
    )
    choice = read_configuration(file).choices["messaging"]
    assert (choice.backend, dict(choice.settings)) == ("nats", {"credentials": "${env:NATS_CREDS}"})
