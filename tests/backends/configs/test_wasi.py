"""`wasi:config` in components: its three versions, on every backend, beside SpiderLightning's interface."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.configs.backends import Backend
from tests.relay import relay_of
from tests.runtime import guests
from witkit import Engine, Err
from witkit._resources import data_folder
from witkit.backends.connect import Choice, Connections, matched
from witkit.host import bind
from witkit.interfaces.configs import configs as spiderlightning
from witkit.interfaces.wasi_config import store
from witkit.program.connected import needed
from witkit.program.native import run_native
from witkit.program.run import invoke
from witkit.program.settings import RunSettings
from witkit.runtime import Provided

VERSIONS = {"rc1": "0.2.0-rc.1", "draft": "0.2.0-draft", "draft-2024-09-27": "0.2.0-draft-2024-09-27"}


@dataclass(frozen=True)
class Relay:
    """A component that hands every call of one version and of SpiderLightning's interface on."""

    version: str
    component: Any


@pytest.fixture(scope="module")
def relays(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Relay]]:
    folder = tmp_path_factory.mktemp("relays")
    sys.path.insert(0, str(folder))
    made = {}
    for name, version in VERSIONS.items():
        interfaces = [replace(store.INTERFACE, name=f"wasi:config/store@{version}"), spiderlightning.INTERFACE]
        sources = [data_folder("wit") / f"wasi-config-{name}", data_folder("wit") / "configs"]
        relay = relay_of(interfaces, sources, folder, f"with_wasi_config_{name.replace('-', '_')}")
        made[name] = Relay(version, relay.load(Engine(cache=False)))
    yield made
    sys.path.remove(str(folder))


@pytest.fixture(params=VERSIONS)
def relay(request: pytest.FixtureRequest, relays: dict[str, Relay]) -> Relay:
    return relays[request.param]


@contextmanager
def running(relay: Relay, choice: Choice) -> Iterator[Any]:
    """An instance whose imports have the chosen backend, as `witkit run` connects them."""
    imports = needed(relay.component)
    assert f"wasi:config/store@{relay.version}" in imports
    needs, unmet = matched(imports)
    assert unmet == []
    with Connections(needs, {"configs": choice}) as connections:
        made = connections.implementations
        provided = {
            name.partition("/")[2].partition("@")[0]: Provided(need.described(name), made[name])
            for name, need in needs.items()
        }
        with relay.component.instantiate(**provided) as instance:
            yield instance


@contextmanager
def refused(case: str, said: str) -> Iterator[None]:
    """The call raises the error of this name, with this text in it."""
    with pytest.raises(Err) as caught:
        yield
    error: Any = caught.value.value
    assert (type(error).__name__, said in error.value) == (case, True), error


@pytest.fixture
def guest(relay: Relay, backend: Backend) -> Iterator[Any]:
    """It reads the set `shop`."""
    with running(relay, Choice(backend.name, {**backend.settings, "set": "shop"})) as instance:
        yield instance


def test_settings_are_texts(guest: Any) -> None:
    assert guest.call_get("greeting") == "hello"
    assert guest.call_get("empty") == ""
    assert guest.call_get("missing") is None
    assert guest.call_get("k" * 100_000) is None


def test_all_settings_are_in_the_order_of_their_keys(guest: Any) -> None:
    assert guest.call_get_all() == [("empty", ""), ("greeting", "hello")]


def test_without_the_setting_it_is_the_set_without_a_name(relay: Relay) -> None:
    with running(relay, Choice("memory")) as instance:
        for name, value in (("", b"hello"), ("shop", b"hi")):
            instance.call_configs_set(instance.call_configs_open(name), "greeting", value)
        assert instance.call_get("greeting") == "hello"
        assert instance.call_get_all() == [("greeting", "hello")]


def test_a_program_gets_the_version_that_it_opens(relay: Relay) -> None:
    name = f"wasi:config/store@{relay.version}"
    with witkit.backends.open(name, "memory", values={"greeting": "hello"}) as opened:
        assert opened.get_all() == [("greeting", "hello")]
        with (
            witkit.backends.open("configs", "memory") as configs,
            relay.component.instantiate(store=opened, configs=configs) as instance,
        ):
            assert instance.call_get("greeting") == "hello"


def test_a_value_that_is_not_text_is_an_error_with_its_key(relay: Relay) -> None:
    with running(relay, Choice("memory")) as instance:
        instance.call_configs_set(instance.call_configs_open(""), "photo", b"\xff")
        with refused("Error_Upstream", "the setting `photo` is not a text in UTF-8"):
            instance.call_get("photo")
        with refused("Error_Upstream", "the setting `photo` is not a text in UTF-8"):
            instance.call_get_all()


def test_settings_that_cannot_be_read_are_io(relay: Relay, tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('greeting = "hello"\n')
    with running(relay, Choice("file", {"path": str(file)})) as instance:
        assert instance.call_get_all() == [("greeting", "hello")]
        file.unlink()
        with refused("Error_Io", "the settings cannot be read"):
            instance.call_get("greeting")


def test_where_only_names_are_configured_the_set_needs_one(relay: Relay) -> None:
    choice = Choice("none", names={"shop": Choice("memory")})
    with running(relay, choice) as instance, refused("Error_Upstream", "nothing is configured under the name ``"):
        instance.call_get("greeting")


LABELLED = guests.component(
    """package t:labels;
    package wasi:config@0.2.0-rc.1 {
      interface store {
        variant error { upstream(string), io(string) }
        get: func(key: string) -> result<option<string>, error>;
        get-all: func() -> result<list<tuple<string, string>>, error>;
      }
    }
    world w {
      import tariff: wasi:config/store@0.2.0-rc.1;
      import shop: wasi:config/store@0.2.0-rc.1;
      export tariff-base: func() -> u32;
      export shop-base: func() -> u32;
    }""",
    f"""(module
      (import "tariff" "get" (func $tariff (param i32 i32 i32)))
      (import "shop" "get" (func $shop (param i32 i32 i32)))
      {guests.REALLOC}
      (data (i32.const 0) "base")
      (func (export "tariff-base") (result i32)
        (call $tariff (i32.const 0) (i32.const 4) (i32.const 64)) (i32.load8_u (i32.load (i32.const 72))))
      (func (export "shop-base") (result i32)
        (call $shop (i32.const 0) (i32.const 4) (i32.const 64)) (i32.load8_u (i32.load (i32.const 72)))))""",
)
"""Reads the setting `base` under two labels, and answers with its first byte."""


@pytest.mark.parametrize(
    ("given", "names", "found"),
    [
        ('[tariff]\nbase = "t"\n[shop]\nbase = "s"\n', {}, ["t", "s"]),
        ('base = "-"\n[both]\nbase = "b"\n', {"set": "both"}, ["b", "b"]),
    ],
)
def test_a_label_names_the_set_unless_the_setting_does(
    tmp_path: Path, given: str, names: dict[str, str], found: list[str]
) -> None:
    (tmp_path / "settings.toml").write_text(given)
    component = tmp_path / "labelled.wasm"
    component.write_bytes(LABELLED)
    settings = RunSettings({"configs": Choice("file", {"path": str(tmp_path / "settings.toml"), **names})})
    answers = [invoke(component, name, [], settings).value for name in ("tariff-base", "shop-base")]
    assert [chr(answer) for answer in answers] == found


def test_a_label_names_the_set_in_a_program_too(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[tariff]\nbase = "t"\n[shop]\nbase = "s"\n')
    component = Engine(cache=False).load(LABELLED)
    file = Choice("file", {"path": tmp_path / "settings.toml"})
    with bind(component, tariff=file, shop=file) as imports, component.instantiate(imports) as instance:
        answers = [instance.function(None, name)() for name in ("tariff-base", "shop-base")]
    assert [chr(answer) for answer in answers] == ["t", "s"]


def test_a_label_can_have_a_backend_of_its_own(tmp_path: Path) -> None:
    component = tmp_path / "labelled.wasm"
    component.write_bytes(LABELLED)
    tariff = Choice("memory", {"values": {"base": "t"}})
    settings = RunSettings({"configs": Choice("memory", {"values": {"base": "s"}}, names={"tariff": tariff})})
    assert [chr(invoke(component, f"{name}-base", [], settings).value) for name in ("tariff", "shop")] == ["t", "s"]


NATIVE = """
import json
from wit_world import exports
from wit_world.imports import store

class Run(exports.Run):
    def run(self) -> None:
        print(json.dumps([store.get("greeting"), store.get("missing"), store.get_all()]))
"""


@pytest.mark.parametrize("name", VERSIONS)
def test_a_guest_under_cpython_reads_settings(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package = tmp_path / "wit" / "deps" / "config"
    package.mkdir(parents=True)
    (package / "config.wit").write_text((data_folder("wit") / f"wasi-config-{name}" / "config.wit").read_text())
    cli = data_folder("wit").parent / "examples" / "configs" / "wit" / "deps" / "cli"
    if not cli.is_dir():
        pytest.skip("the examples are not here")
    (tmp_path / "wit" / "deps" / "cli").symlink_to(cli)
    (tmp_path / "wit" / "world.wit").write_text(
        f"package t:native;\nworld w {{ import wasi:config/store@{VERSIONS[name]}; export wasi:cli/run@0.2.0; }}\n"
    )
    (tmp_path / "app.py").write_text(NATIVE)
    settings = RunSettings({"configs": Choice("memory", {"values": {"greeting": "hello"}})})
    assert run_native(tmp_path / "app.py", [], settings) == 0
    assert json.loads(capsys.readouterr().out) == ["hello", None, [["greeting", "hello"]]]
