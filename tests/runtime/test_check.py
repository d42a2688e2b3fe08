"""Everything that prevents instantiation is reported at once, before anything runs."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.by_hand.world import WorldComponent
from tests.runtime.test_resources import Stores
from witkit import abi
from witkit.abi.versions import compatible, find
from witkit.program.connected import needed
from witkit.runtime import Engine, Provided, UntypedComponent, implementations
from witkit.text import WitkitError

KV = "spider:kv/store@0.2.3"
TWO = """package spider:app;
world w {
  import spider:kv/store@0.2.3;
  import spider:kv/other@1.2.0;
  import shout: func(text: string) -> string;
  export run: func();
}
package spider:kv@0.2.3 { interface store { get: func(key: string) -> string; put: func(key: string, value: u32); } }
package spider:kv@1.2.0 { interface other { ping: func(); } }
"""
PASSED_ON = """package t:p;
interface a { resource r; }
interface b { use a.{r}; }
interface c { use b.{r}; go: func(r: borrow<r>); }
world w { import c; export run: func(); }
"""


@pytest.fixture(scope="module")
def two(engine: Engine) -> UntypedComponent:
    return engine.load(guests.dummy(TWO))


def store(version: str) -> abi.Interface:
    text = abi.Param("key", abi.STRING)
    functions = (
        abi.Func("get", "get", (text,), abi.STRING),
        abi.Func("put", "put", (text, abi.Param("value", abi.U32))),
    )
    return abi.Interface(f"spider:kv/store@{version}", functions)


OTHER = abi.Interface("spider:kv/other@1.0.0", (abi.Func("ping", "ping"),))
OWN = abi.Interface("", (abi.Func("shout", "shout", (abi.Param("text", abi.STRING),), abi.STRING),))


class Full:
    def get(self, key: str) -> str:
        return key

    def put(self, key: str, value: int) -> None: ...
    def ping(self) -> None: ...
    def shout(self, text: str) -> str:
        return text.upper()


def messages(component: UntypedComponent, *offered: Provided, optional: tuple[str, ...] = ()) -> list[str]:
    return [f"{d.code}: {d.message} | {d.help}" for d in component.check(list(offered), optional=optional)]


def test_every_missing_import_is_reported_at_once(two: UntypedComponent) -> None:
    assert messages(two) == [
        f"WIT0710: nothing satisfies the import `{KV}` | give an implementation of it, or name it in `optional`",
        "WIT0710: nothing satisfies the import `spider:kv/other@1.2.0` | "
        "give an implementation of it, or name it in `optional`",
        "WIT0710: nothing satisfies the import `shout` of the world itself | "
        "give an object that has it as `world`, or name `world` or a single function in `optional`",
    ]
    with pytest.raises(WitkitError) as caught:
        two.instantiate()
    assert len(caught.value.diagnostics) == 3


def test_an_interface_that_only_passes_on_a_resource_needs_nothing(engine: Engine) -> None:
    component = engine.load(guests.dummy(PASSED_ON))
    assert component.imports[:2] == ("t:p/a", "t:p/b")
    assert [said.partition(" | ")[0] for said in messages(component)] == [
        "WIT0710: nothing satisfies the import `t:p/a`",
        "WIT0710: nothing satisfies the import `t:p/c`",
    ]
    component.instantiate(optional=["t:p/a", "t:p/c"]).close()
    assert list(needed(component)) == ["t:p/a", "t:p/c"]


def test_compatible_versions_satisfy(two: UntypedComponent) -> None:
    full = Full()
    offered = [Provided(store("0.2.0"), full), Provided(OTHER, full), Provided(OWN, full)]
    assert messages(two, *offered) == []
    two.instantiate(offered).close()


def test_implementations_of_the_same_interfaces_are_matched_once_and_each_is_checked(two: UntypedComponent) -> None:
    class Half(Full):
        get = None  # type: ignore[assignment]

    asked = store("0.2.0")

    def offered(full: Full) -> list[Provided]:
        return [Provided(asked, full), Provided(OTHER, full), Provided(OWN, full)]

    two.instantiate(offered(Full())).close()
    before = len(two._surface._matches)
    assert messages(two, *offered(Half()))[0].startswith("WIT0711: `Half.get` is not a function")
    assert len(messages(two, *offered(Half()), optional=("none-such",))) == 2
    first, second = Full(), Full()
    for full in (first, second):
        prepared = two.prepare(offered(full))
        given = {id(provided.implementation) for _, provided in prepared._host._functions.values()}
        assert given == {id(full)}
    assert len(two._surface._matches) == before


def test_a_component_does_not_keep_what_was_given_to_it(two: UntypedComponent) -> None:
    full = Full()
    gone = weakref.ref(full)
    two.instantiate([Provided(store("0.2.0"), full), Provided(OTHER, full), Provided(OWN, full)]).close()
    del full
    gc.collect()
    assert gone() is None


def test_few_of_many_matches_are_kept(two: UntypedComponent) -> None:
    for _ in range(100):
        two.instantiate([Provided(store("0.2.0"), Full()), Provided(OTHER, Full()), Provided(OWN, Full())]).close()
    assert 0 < len(two._surface._matches) <= 16


@pytest.mark.parametrize("version", ["0.3.0", "1.2.3", "0.2.0-draft"])
def test_a_version_that_nearly_fits_is_named(two: UntypedComponent, version: str) -> None:
    full = Full()
    found = messages(two, Provided(store(version), full), Provided(OTHER, full), Provided(OWN, full))
    assert found == [
        f"WIT0710: nothing satisfies the import `{KV}` | `spider:kv/store` is given in version {version}, "
        "the component asks for version 0.2.3"
    ]


def test_a_name_that_nearly_fits_is_offered(two: UntypedComponent) -> None:
    near = abi.Interface("spider:kv/stores@0.2.3")
    assert "did you mean `spider:kv/stores@0.2.3`?" in messages(two, Provided(near, Full()))[0]


def test_missing_functions_and_wrong_arity_are_all_named(two: UntypedComponent) -> None:
    class Half:
        def put(self, key: str) -> None: ...
        def pint(self) -> None: ...
        def shout(self, text: str, loud: bool) -> str:
            return text

    half = Half()
    found = messages(two, Provided(store("0.2.3"), half), Provided(OTHER, half), Provided(OWN, half))
    assert found == [
        f"WIT0711: `Half` has no function `get`, which the import `{KV}#get` needs | add `get` to it",
        f"WIT0712: `Half.put` cannot take the parameters of `{KV}#put` | it is called with 2 arguments: key, value",
        "WIT0711: `Half` has no function `ping`, which the import `spider:kv/other@1.2.0#ping` needs | "
        "did you mean `pint`?",
        "WIT0712: `Half.shout` cannot take the parameters of `shout` | it is called with 1 argument: text",
    ]


def test_types_that_differ_are_named(two: UntypedComponent) -> None:
    full = Full()
    text = abi.Param("key", abi.STRING)
    wrong = abi.Interface(
        KV, (abi.Func("get", "get", (text,), abi.U32), abi.Func("put", "put", (text, abi.Param("value", abi.U64))))
    )
    found = messages(two, Provided(wrong, full), Provided(OTHER, full), Provided(OWN, full))
    assert [m.split(" | ")[0] for m in found] == [
        f"WIT0713: `{KV}#get` does not fit the bindings: "
        "it returns string in the component, another type in the bindings",
        f"WIT0713: `{KV}#put` does not fit the bindings: "
        "parameter `value` is u32 in the component, another type in the bindings",
    ]


def test_a_function_that_the_bindings_lack_is_named(two: UntypedComponent) -> None:
    full = Full()
    short = abi.Interface(KV, store("0.2.3").functions[:1])
    found = messages(two, Provided(short, full), Provided(OTHER, full), Provided(OWN, full))
    assert found[0].startswith(f"WIT0713: the component imports `{KV}#put`, which the bindings do not have")


def test_imports_can_be_optional_one_by_one(two: UntypedComponent) -> None:
    full = Full()
    given = [Provided(OTHER, full), Provided(OWN, full)]
    assert messages(two, *given, optional=(KV,)) == []
    assert messages(two, *given, optional=("spider:kv/store",)) == []
    two.instantiate(given, optional=[KV]).close()
    assert messages(two, *given, optional=(KV, "spider:kv/stroe")) == [
        "WIT0715: the optional import `spider:kv/stroe` is not an import of the component | "
        "did you mean `spider:kv/store`?"
    ]


@pytest.mark.parametrize("name", ["spider:kv/stroe", f"{KV}7"])
def test_a_misspelt_optional_import_is_one_error(name: str, two: UntypedComponent) -> None:
    full = Full()
    (said,) = messages(two, Provided(OTHER, full), Provided(OWN, full), optional=(name,))
    assert said.startswith(
        f"WIT0715: the optional import `{name}` is not an import of the component | did you mean `spider:kv"
    )


def test_a_value_in_place_of_a_function_is_named(two: UntypedComponent) -> None:
    full, none = Full(), Full()
    none.get = None  # type: ignore[method-assign, assignment]
    assert messages(two, Provided(store("0.2.3"), none), Provided(OTHER, full), Provided(OWN, full)) == [
        f"WIT0711: `Full.get` is not a function but a `NoneType`, and the import `{KV}#get` calls it"
        " | make `get` a function"
    ]


def test_a_function_that_is_needed_as_well_is_not_what_was_meant() -> None:
    class Getting:
        def get(self) -> None: ...

    functions = [abi.Func("get", "get", (), None), abi.Func("set", "set", (), None)]
    (said,) = implementations.check(KV, functions, Getting(), "")
    assert said.message == f"`Getting` has no function `set`, which the import `{KV}#set` needs"
    assert said.help == "add `set` to it"


def test_resource_classes_are_checked_too(engine: Engine) -> None:
    component = WorldComponent.load(guests.resources(), engine=engine)

    class NoClass:
        same = count = give = all = staticmethod(lambda *_: None)

    class Wrong(Stores):
        class Store:
            def __init__(self) -> None: ...
            def get(self) -> str:
                return ""

    assert [d.message for d in component.check({"stores": NoClass()})] == [
        "`NoClass` has no class `Store`, which the import `t:r/stores` needs"
    ]
    assert [d.message for d in component.check({"stores": Wrong()})] == [
        "`Wrong.Store` cannot take the parameters of `t:r/stores#[constructor]store`",
        "`Wrong.Store.get` cannot take the parameters of `t:r/stores#[method]store.get`",
        "`Wrong.Store` has no function `open`, which the import `t:r/stores#[static]store.open` needs",
    ]
    assert component.check({"stores": Stores()}) == ()


def test_a_module_can_implement_an_interface(engine: Engine) -> None:
    import types

    module = types.ModuleType("memory")
    for name in ("Store", "same", "count", "give", "all"):
        setattr(module, name, getattr(Stores(), name))
    component = WorldComponent.load(guests.resources(), engine=engine)
    with component.instantiate(stores=module) as world:
        assert world.call("in-list") == 3


def test_a_component_of_another_world_is_refused(engine: Engine) -> None:
    component = WorldComponent.load(guests.dummy(TWO), engine=engine)
    codes = {d.code for d in component.check({"stores": Stores()})}
    assert codes == {"WIT0710", "WIT0716"}


def test_one_interface_under_two_labels_has_two_implementations(engine: Engine) -> None:
    wit = """package t:l;
    interface kv { get: func(n: u32) -> u32; }
    world w { import one: kv; import two: kv; export run: func(n: u32) -> u32; }"""
    wat = """(module
      (import "one" "get" (func $one (param i32) (result i32)))
      (import "two" "get" (func $two (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $two (call $one (local.get 0)))))"""
    component = engine.load(guests.component(wit, wat))
    assert component.labels == {"one": "t:l/kv", "two": "t:l/kv"}
    kv = abi.Interface("t:l/kv", (abi.Func("get", "get", (abi.Param("n", abi.U32),), abi.U32),))

    class Add:
        def __init__(self, by: int) -> None:
            self.by = by

        def get(self, n: int) -> int:
            return n * 10 + self.by

    offered = [Provided(kv, Add(1), "one"), Provided(kv, Add(2), "two")]
    with component.instantiate(offered) as instance:
        assert instance.function(None, "run")(7) == 712
    assert [d.message for d in component.check(offered[:1])] == ["nothing satisfies the import `two`"]


LATER = """package t:u;
interface h { g: func(s: stream<u8>); e: func(n: u32) -> error-context; plain: func(n: u32) -> u32; }
world w {
  import h;
  export run: func(n: u32) -> u32; export pull: func() -> stream<u8>; export wait: func(f: future<u8>);
}"""


def test_what_is_not_carried_yet_keeps_nothing_else_from_running(engine: Engine) -> None:
    wat = """(module
      (import "t:u/h" "g" (func (param i32)))
      (import "t:u/h" "e" (func (param i32) (result i32)))
      (import "t:u/h" "plain" (func $plain (param i32) (result i32)))
      (func (export "run") (param i32) (result i32) (call $plain (local.get 0)))
      (func (export "pull") (result i32) unreachable)
      (func (export "wait") (param i32) unreachable))"""
    plain = abi.Func("plain", "plain", (abi.Param("n", abi.U32),), abi.U32)
    others = (abi.Func("g", "g", (abi.Param("s", abi.Unsupported("stream<u8>")),)), abi.Func("e", "e"))
    given: Any = abi.Interface("t:u/h", (plain, *others))
    pull, wait = abi.Func("pull", "pull", (), abi.Unsupported("stream<u8>")), abi.Func("wait", "wait")

    class Own(UntypedComponent):
        _world = abi.World("t:u/w", (abi.Import("h", given),), export_functions=(plain, pull, wait)[1:])

    class H:
        def plain(self, n: int) -> int:
            return n + 1

    component = Own(guests.component(LATER, wat), "own", engine)
    assert component.check({"h": H()}) == ()
    with component.instantiate({"h": H()}) as instance:
        for name, what in [("pull", "stream"), ("wait", "future")]:
            with pytest.raises(WitkitError) as refused:
                instance.function(None, name)
            (said,) = refused.value.diagnostics
            assert (said.code, said.message) == (
                "WIT0714", f"the export `{name}` cannot be called: witkit does not carry values of type `{what}` yet"
            )  # fmt: skip
        assert instance.function(None, "run")(3) == 4


@pytest.mark.parametrize(
    ("offered", "asked", "fits"),
    [
        ("a:b/c@0.2.0", "a:b/c@0.2.9", True),
        ("a:b/c@0.2.9", "a:b/c@0.2.0", True),
        ("a:b/c@1.0.0", "a:b/c@1.3.0", True),
        ("a:b/c@0.2.0", "a:b/c@0.3.0", False),
        ("a:b/c@1.0.0", "a:b/c@2.0.0", False),
        ("a:b/c@0.0.1", "a:b/c@0.0.2", False),
        ("a:b/c@1.0.0+a-b", "a:b/c@1.2.0", True),
        ("a:b/c@0.2.0-rc.1", "a:b/c@0.2.0", False),
        ("a:b/c@0.2.0-rc.1", "a:b/c@0.2.0-rc.1", True),
        ("a:b/c", "a:b/c@0.2.0", False),
        ("a:b/c", "a:b/c", True),
        ("a:b/d@1.0.0", "a:b/c@1.0.0", False),
    ],
)
def test_versions_satisfy_as_in_wasmtime(offered: str, asked: str, fits: bool) -> None:
    assert compatible(offered, asked) is fits


def test_the_exact_version_wins_then_the_highest() -> None:
    offered = ["a:b/c@0.2.1", "a:b/c@0.2.10", "a:b/c@0.2.9", "a:b/c@0.3.0"]
    assert find("a:b/c@0.2.1", offered) == "a:b/c@0.2.1"
    assert find("a:b/c@0.2.3", offered) == "a:b/c@0.2.10"
    assert find("a:b/c@0.4.0", offered) is None


def test_the_exact_build_wins_and_then_the_highest_version() -> None:
    assert find("a:b/c@0.2.0", ["a:b/c@0.2.9", "a:b/c@0.2.10+1"]) == "a:b/c@0.2.10+1"
    assert find("a:b/c@0.2.0+1", ["a:b/c@0.2.9", "a:b/c@0.2.0+1"]) == "a:b/c@0.2.0+1"
