"""Backends for single names: what a guest opens, and what it imports under a label."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.run.conftest import Guest, Witkit, assembled, guest, witkit
from witkit.backends.connect import Choice, Connections
from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.table import front_for
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
from witkit.program.project import combined, read_configuration
from witkit.text import WitkitError

__all__ = ["assembled", "guest", "witkit"]

STORES = CAPABILITIES["key-value"]
KEYVALUE = "spiderlightning:keyvalue/keyvalue@0.5.1"

CONFIGURED = """
[key-value]
backend = "filesystem"
path = "stores"

[key-value.names.orders]
backend = "sqlite"
path = "orders.db"

[key-value.names.stock]
path = "stock"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "witkit.toml"
    file.write_text(text)
    return file


def test_each_name_gets_its_own_backend_and_all_others_the_default(tmp_path: Path) -> None:
    choice = read_configuration(written(tmp_path, CONFIGURED)).choices["key-value"]
    with ExitStack() as stack:
        selector = Openings(stack).selector(STORES, choice)
        assert selector("orders").location == f"the SQLite file {tmp_path / 'orders.db'}"
        assert selector("stock").location == f"the folder {tmp_path / 'stock'}"
        assert selector("anything").location == f"the folder {tmp_path / 'stores'}"


def test_a_name_takes_over_the_settings_of_the_same_backend_only(tmp_path: Path) -> None:
    text = '[key-value]\nbackend = "sqlite"\ntimeout = 0.5\npath = "a.db"\n'
    text += '[key-value.names.orders]\npath = "b.db"\n[key-value.names.stock]\nbackend = "memory"\n'
    names = read_configuration(written(tmp_path, text)).choices["key-value"].effective_names(STORES)
    assert names["orders"].settings == {"timeout": 0.5, "path": "b.db"}
    assert names["stock"] == Choice("memory", {}, names["stock"].places)


def test_equal_choices_share_a_backend(tmp_path: Path) -> None:
    text = '[key-value]\nbackend = "memory"\n[key-value.names.a]\n[key-value.names.b]\nmemory = 1000\n'
    with ExitStack() as stack:
        selector = Openings(stack).selector(STORES, read_configuration(written(tmp_path, text)).choices["key-value"])
        assert selector("a") is selector("other")
        assert selector("b") is not selector("other")


def test_with_none_only_the_configured_names_can_be_opened(tmp_path: Path) -> None:
    text = '[key-value]\nbackend = "none"\n[key-value.names.orders]\nbackend = "memory"\n'
    with ExitStack() as stack:
        selector = Openings(stack).selector(STORES, read_configuration(written(tmp_path, text)).choices["key-value"])
        selector("orders").create("orders")
        with pytest.raises(Failure, match="nothing is configured under the name `stock`") as failed:
            selector("stock")
        assert failed.value.kind is Kind.INVALID_NAME


def test_an_import_with_a_label_that_is_configured_opens_everything_there(tmp_path: Path) -> None:
    choices = {"key-value": Choice("memory", names={"orders": Choice("memory", {"memory": 1000})})}
    front = front_for(KEYVALUE)
    assert front is not None
    with Connections({"orders": front, "other": front, KEYVALUE: front}, choices) as connections:
        orders, other, plain = (connections.implementations[name] for name in ("orders", "other", KEYVALUE))
        orders.Keyvalue.open("stock").set("tea", b"1")
        other.Keyvalue.open("stock").set("tea", b"2")
        assert orders.Keyvalue.open("stock").get("tea") == b"1"
        assert plain.Keyvalue.open("stock").get("tea") == b"2"
        assert plain.Keyvalue.open("orders").keys() == []


def test_one_run_overrides_a_name_setting_by_setting() -> None:
    project = {"key-value": Choice("sqlite", {}, names={"orders": Choice("sqlite", {"path": "a.db", "timeout": 1})})}
    given = {"key-value": Choice(None, names={"orders": Choice(None, {"timeout": "2"})})}
    names = combined(project, given)["key-value"].names
    assert names["orders"].settings == {"path": "a.db", "timeout": "2"}


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ('[key-value.names]\norders = "redis"\n', "2:1", "`orders` must be a table: what is opened under this name"),
        ('[key-value.names.orders]\nbackend = "sqlit"\n', "2:1", "`backend` cannot be `sqlit`"),
        ('[key-value.names.orders]\nbackend = "none"\n', "2:1", "`backend` cannot be `none`"),
    ],
)
def test_a_mistake_in_a_name_is_reported_at_its_place(tmp_path: Path, text: str, place: str, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(WitkitError) as wrong:
        read_configuration(file)
    (found,) = wrong.value.diagnostics
    assert found.message == said
    assert str(wrong.value).startswith(f"{file}:{place}: ")


def test_the_mistakes_of_all_names_are_reported_together(tmp_path: Path, witkit: Witkit, guest: Guest) -> None:
    names = '[key-value.names.a]\ntimeout = -1\n[key-value.names.b]\npath = "${env:NO}"\n'
    written(tmp_path, f"[key-value]\nx = 1\n{names}")
    outcome = witkit("run", guest("counter"))
    assert outcome.code == 2
    for place, said in [
        ("2:1", "there is no setting `x`"),
        ("4:1", "`timeout` must be a number of seconds, at least 0"),
        ("6:1", "`path` needs the environment variable `NO`, which is not set"),
    ]:
        assert said in outcome.err
        assert f"--> witkit.toml:{place}\n" in outcome.err


def test_a_mistake_that_names_take_over_is_reported_once(tmp_path: Path, witkit: Witkit, guest: Guest) -> None:
    written(tmp_path, "[key-value]\ntimeout = -1\n[key-value.names.a]\n[key-value.names.b]\npath = 'b.db'\n")
    assert witkit("run", guest("counter")).err.count("error[") == 1


def test_the_place_of_each_name_is_printed(tmp_path: Path, witkit: Witkit, guest: Guest) -> None:
    written(tmp_path, CONFIGURED)
    assert witkit("run", guest("counter")).err.splitlines() == [
        "witkit: key-value stores are in the folder stores",
        "witkit: key-value stores under the name `orders` are in the SQLite file orders.db",
        "witkit: key-value stores under the name `stock` are in the folder stock",
    ]


def test_mistakes_of_names_are_reported_although_the_backend_beside_them_is_unknown(
    tmp_path: Path, witkit: Witkit, guest: Guest
) -> None:
    written(tmp_path, '[key-value]\nbackend = "reddis"\n[key-value.names.a]\nbackend = "redis"\nprefx = "x"\n')
    outcome = witkit("run", guest("counter"))
    assert outcome.code == 2
    assert "`backend` cannot be `reddis`\n --> witkit.toml:2:1\n" in outcome.err
    assert "there is no setting `prefx`\n --> witkit.toml:5:1\n" in outcome.err
    assert outcome.err.count("error[") == 2
