"""Backends given to components by programs: what may be written, what is wrong, and how long they are open."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
import witkit.host
from tests.backends.conftest import Relayed
from tests.relay import relay
from tests.run.guests import assemble, dummy
from witkit import Engine, Err, WitkitError, abi
from witkit._resources import data_folder
from witkit.backends.fronts.table import fronts_of
from witkit.host import Choice, bind
from witkit.interfaces.keyvalue import keyvalue

KEYVALUE = "spiderlightning:keyvalue/keyvalue"
FILES = '[key-value]\nbackend = "filesystem"\npath = "data"\n'


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def put(instance: Any, key: str) -> list[str]:
    """Store something under the key; the keys that there are now."""
    store = instance.call_keyvalue_open("shop")
    instance.call_keyvalue_set(store, key, b"")
    keys: list[str] = instance.call_keyvalue_keys(store)
    return keys


def wrong(component: Any, *config: str, **given: Any) -> str:
    """What `bind` says is wrong."""
    with pytest.raises(WitkitError) as caught, bind(component, *config, **given):
        pass
    return "\n".join(f"{each.code}: {each.message}; {each.help}" for each in caught.value.diagnostics)


def test_two_instances_share_what_one_backend_has(stores: Any) -> None:
    with bind(stores, keyvalue="memory") as imports:
        for number, keys in enumerate([["0"], ["0", "1"]]):
            with stores.instantiate(**imports) as instance:
                assert put(instance, str(number)) == keys


def test_a_backend_that_was_opened_by_itself_may_be_looked_into(stores: Any) -> None:
    with witkit.backends.open("key-value", "sqlite", path="shop.db") as opened:
        opened.Keyvalue.open("shop").set("tea", b"")
        with stores.instantiate(keyvalue=opened) as one, stores.instantiate(keyvalue=opened) as two:
            assert (put(one, "a"), put(two, "b")) == (["a", "tea"], ["a", "b", "tea"])
        assert opened.location == "the SQLite file shop.db"


def test_the_bare_implementation_of_a_backend_will_do(stores: Any) -> None:
    with (
        witkit.backends.open("key-value", "memory") as opened,
        stores.instantiate(keyvalue=opened.implementation) as instance,
    ):
        assert put(instance, "tea") == ["tea"]
        with pytest.raises(Err, match="InvalidKey"):
            put(instance, "")


def test_threads_share_one_backend(stores: Any) -> None:
    def run(name: str) -> None:
        with stores.instantiate(**imports) as instance:
            for number in range(20):
                put(instance, f"{name}{number:02}")

    with bind(stores, keyvalue=Choice("sqlite", {"path": "shop.db"})) as imports:
        threads = [threading.Thread(target=run, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with stores.instantiate(**imports) as instance:
            assert len(put(instance, "last")) == 81


def test_after_the_block_the_backend_is_closed_and_the_instance_goes_on(stores: Any, relayed: Relayed) -> None:
    with bind(stores, keyvalue="sqlite") as imports:
        instance = stores.instantiate(**imports)
        store = instance.call_keyvalue_open("shop")
    with instance, pytest.raises(Err) as caught:
        instance.call_keyvalue_get(store, "tea")
    assert type(caught.value.value) is relayed("key-value").package.keyvalue.KeyvalueError_ConnectionError


def test_what_fails_in_the_block_closes_the_backend(stores: Any) -> None:
    with pytest.raises(ZeroDivisionError), bind(stores, keyvalue="sqlite") as imports:
        raise ZeroDivisionError
    with pytest.raises(Err) as caught:
        imports["keyvalue"].Keyvalue.open("shop")
    assert type(caught.value.value) is keyvalue.KeyvalueError_ConnectionError


def test_a_backend_may_be_closed_twice() -> None:
    opened = witkit.backends.open("key-value", "sqlite")
    opened.close()
    opened.close()
    with pytest.raises(Err, match="closed"):
        opened.Keyvalue.open("shop")


def test_objects_stay_as_they_are(stores: Any) -> None:
    own = object()
    with bind(stores, keyvalue=own) as imports:
        assert imports == {"keyvalue": own}


def test_the_project_file_chooses_for_what_is_left_out(
    stores: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bind(stores) as imports:
        assert imports == {}
    (tmp_path / "witkit.toml").write_text(FILES)
    (tmp_path / "src" / "deep").mkdir(parents=True)
    for folder in (".", "src", "src/deep"):
        monkeypatch.chdir(tmp_path / folder)
        with bind(stores) as imports, stores.instantiate(**imports) as instance:
            assert "tea" in put(instance, "tea")
    assert {each.name for each in (tmp_path / "data").iterdir()} == {".lock", "store-shop"}
    with bind(stores, keyvalue="memory") as imports:
        assert imports["keyvalue"].location == "memory, until the program ends"


def test_another_project_file_can_be_named(stores: Any, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "test.toml").write_text(FILES)
    with bind(stores, "shop/test.toml") as imports:
        assert imports["keyvalue"].location == "the folder shop/data"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"keyvalue": "sqlit"}, "WIT0910: there is no backend `sqlit` for key-value; did you mean `sqlite`?"),
        ({"keyvalue": Choice("sqlite", {"pth": "a"})}, "WIT0910: there is no setting `pth`; did you mean `path`?"),
        ({"keyvalue": Choice("sqlite", {"path": "."})}, "WIT0802: "),
        ({"keyvalu": "memory"}, "does not import `keyvalu`; did you mean `keyvalue`?"),
        ({"wasi:keyvalue/store": "memory"}, "does not import `wasi:keyvalue/store`; its imports: keyvalue"),
        ({"keyvalue": "memory", KEYVALUE: "memory"}, f"`{KEYVALUE}` and another argument are the same import"),
    ],
)
def test_what_is_wrong_is_said_as_witkit_run_says_it(given: dict[str, Any], said: str, stores: Any) -> None:
    assert said in wrong(stores, **given)


def test_a_missing_or_wrong_project_file_is_said(stores: Any, tmp_path: Path) -> None:
    assert wrong(stores, "none.toml").startswith("WIT0901: `none.toml` cannot be read")
    (tmp_path / "witkit.toml").write_text("[key-valu]\n")
    assert wrong(stores).startswith("WIT0903: `witkit.toml` has no key `key-valu`")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("key-valu",), "there is no capability `key-valu`"),
        (("key-value", "mariadb"), "there is no backend `mariadb` for key-value"),
        (("wasi:keyvalue/store@0.2.0-draft2", "mariadb"), "there is no backend `mariadb` for key-value"),
        (("wasi:keyvalue/store@0.3.0",), "witkit has no backends for `wasi:keyvalue/store@0.3.0`"),
        (("wasi:keyvalu/store@0.2.0-draft2",), "witkit has no backends for `wasi:keyvalu/store@0.2.0-draft2`"),
    ],
)
def test_a_backend_that_there_is_not_cannot_be_opened(given: tuple[str, ...], said: str) -> None:
    with pytest.raises(WitkitError, match=said):
        witkit.backends.open(*given)


def test_a_name_alone_is_not_an_implementation(stores: Any) -> None:
    (said,) = stores.check({"keyvalue": "sqlite"})
    assert (said.code, said.help) == (
        "WIT0711",
        "give an object or a module that has them; "
        "`witkit.host.bind` and `witkit.backends.open` open a backend by its name",
    )


def test_an_optional_import_can_be_left_out(stores: Any) -> None:
    with bind(stores, keyvalue=None) as imports, stores.instantiate(**imports, optional=["keyvalue"]) as instance:
        assert not instance.closed


@pytest.mark.parametrize(("version", "fits"), [("0.5.0", True), ("0.5.7", True), ("0.6.0", False)])
def test_any_compatible_version_of_the_interface_is_served(
    version: str, fits: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    text = (data_folder("wit") / "keyvalue" / "keyvalue.wit").read_text()
    (source / "keyvalue.wit").write_text(text.replace("@0.5.1", f"@{version}"))
    described = fronts_of("key-value")[0].described()
    monkeypatch.syspath_prepend(tmp_path)
    made = relay(
        replace(described, name=described.name.replace("0.5.1", version)),
        source, tmp_path, "of_" + version.replace(".", "_"),
    )  # fmt: skip
    component = made.load(Engine(cache=False))
    with witkit.backends.open("key-value", "memory") as opened:
        if fits:
            with bind(component, keyvalue="memory") as imports, component.instantiate(**imports) as instance:
                assert put(instance, "tea") == ["tea"]
            with component.instantiate(keyvalue=opened) as instance:
                assert put(instance, "tea") == ["tea"]
        else:
            assert "WIT0822" in wrong(component, keyvalue="memory")
            assert "key-value has backends for version 0.5.1" in wrong(component, keyvalue="memory")
            (said,) = component.check({"keyvalue": opened})
            assert (said.code, "is given in version 0.5.1" in said.help) == ("WIT0710", True)


def test_a_later_version_with_more_functions_is_refused_by_name(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    text = (data_folder("wit") / "keyvalue" / "keyvalue.wit").read_text().replace("@0.5.1", "@0.5.7")
    (package / "keyvalue.wit").write_text(text.replace("resource keyvalue {", "resource keyvalue { grow: func();"))
    component = Engine(cache=False).load(dummy(package, tmp_path))
    with bind(component, keyvalue="memory") as imports:
        (said,) = component.check(imports)
    assert said.message.endswith(
        "[method]keyvalue.grow`, which `spiderlightning:keyvalue/keyvalue@0.5.1` does not have"
    )


def test_what_is_chosen_twice_is_opened_once() -> None:
    two = abi.World("a:b/two", tuple(abi.Import(label, keyvalue.INTERFACE, label) for label in ("one", "other")))
    with bind(two, one="memory", other="memory") as imports:
        imports["one"].Keyvalue.open("shop").set("tea", b"")
        assert imports["other"].Keyvalue.open("shop").keys() == ["tea"]
    with bind(two, one="memory", other=Choice("sqlite", {"path": "other.db"})) as imports:
        imports["one"].Keyvalue.open("shop").set("tea", b"")
        assert imports["other"].Keyvalue.open("shop").keys() == []


def test_a_component_without_generated_code_takes_the_mapping_itself(tmp_path: Path) -> None:
    component = Engine(cache=False).load(assemble("labelled", tmp_path))
    with bind(component, orders="memory") as imports, component.instantiate(imports) as instance:
        assert instance.function(None, "has-book")() is False
        imports["orders"].Keyvalue.open("shop").set("book", b"")
        assert instance.function(None, "has-book")() is True


@pytest.mark.parametrize("name", [f"{KEYVALUE}@0.5.1", KEYVALUE, "keyvalue"])
def test_an_import_has_the_name_of_its_interface_too(name: str, stores: Any) -> None:
    with bind(stores, **{name: "memory"}) as imports, stores.instantiate(**imports) as instance:
        assert put(instance, "tea") == ["tea"]


def test_an_interface_that_is_imported_twice_is_named_by_its_labels() -> None:
    two = abi.World("a:b/two", tuple(abi.Import(f"{each}_", keyvalue.INTERFACE, each) for each in ("one", "other")))
    assert f"several imports of `{KEYVALUE}`; name one of them: `one_`, `other_`" in wrong(two, **{KEYVALUE: "memory"})
    with bind(two, one="memory", other="memory") as imports:
        assert imports.keys() == {"one_", "other_"}


def test_two_versions_of_an_interface_are_named_by_their_interfaces(tmp_path: Path) -> None:
    component = Engine(cache=False).load(dummy(both_drafts(tmp_path), tmp_path))
    first, second = (f"wasi:keyvalue/store@0.2.0-{draft}" for draft in ("draft", "draft2"))
    assert wrong(component, store="memory").endswith(
        f"several imports of `store`; name one of them: `{first}`, `{second}`"
    )
    with bind(component, **{first: "memory", second: "sqlite"}) as imports:
        assert ["memory" in imports[name].location for name in (first, second)] == [True, False]
        assert component.check(imports) == ()


def both_drafts(folder: Path) -> Path:
    """A package that imports the stores of both drafts of `wasi:keyvalue`."""
    package = folder / "both"
    for draft in ("draft", "draft2"):
        shutil.copytree(data_folder("wit") / f"wasi-keyvalue-{draft}", package / "deps" / draft)
    uses = "".join(f"import wasi:keyvalue/store@0.2.0-{draft}; " for draft in ("draft", "draft2"))
    (package / "both.wit").write_text(f"package t:both; world imports {{ {uses}}}")
    return package


def test_a_label_has_the_backend_that_the_project_chooses_for_it(tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(
        '[key-value]\nbackend = "memory"\n[key-value.names.orders]\nbackend = "sqlite"\npath = "orders.db"\n'
    )
    two = abi.World("a:b/two", tuple(abi.Import(each, keyvalue.INTERFACE, each) for each in ("orders", "other")))
    with bind(two) as imports:
        assert imports["orders"].location == "the SQLite file orders.db"
        assert "memory" in imports["other"].location
    with bind(two, orders="memory") as imports:
        imports["orders"].Keyvalue.open("shop").set("tea", b"")
        assert imports["orders"].location == "memory, until the program ends"


def test_one_backend_serves_the_interfaces_of_all_its_fronts(tmp_path: Path) -> None:
    for interface in ("wasi:keyvalue/store@0.2.0-draft2", "wasi:keyvalue/store@0.2.0-draft"):
        with witkit.backends.open(interface, "sqlite", path="shop.db") as opened:
            assert opened.name == interface
            bucket = opened.open("shop")
            bucket.set(interface, b"tea")
            assert bucket.get(interface) == b"tea"
    with witkit.backends.open("key-value", "sqlite", path="shop.db") as opened:
        assert len(opened.Keyvalue.open("shop").keys()) == 2


def test_a_choice_with_names_leads_each_name_to_its_own_backend(tmp_path: Path) -> None:
    orders = Choice("sqlite", {"path": "orders.db"})
    with witkit.backends.open("key-value", Choice("memory", names={"orders": orders})) as opened:
        opened.Keyvalue.open("orders").set("tea", b"1")
        opened.Keyvalue.open("other").set("tea", b"2")
    assert (tmp_path / "orders.db").exists()
    with witkit.backends.open("key-value", orders) as opened:
        assert opened.Keyvalue.open("orders").keys() == ["tea"]
        assert opened.Keyvalue.open("other").keys() == []


def test_settings_come_on_top_of_those_of_a_choice(tmp_path: Path) -> None:
    with witkit.backends.open("key-value", Choice("sqlite", {"path": "one.db", "timeout": 1}), path="two.db") as opened:
        assert opened.location == "the SQLite file two.db"
