"""What is left of components when they are linked."""

from __future__ import annotations

import gc
import pickle
import sys
from pathlib import Path

import pytest
import wasmtime

from tests.runtime.guests import resources
from tests.wasm.encoding import wat
from witkit.wasm.core import CoreSort
from witkit.wasm.cursor import BadWasm
from witkit.wasm.linking import link
from witkit.wasm.plan import Canon, CoreExport, HostFunc, Lift, Plan, PlannedResource
from witkit.wasm.types import Borrow, Defined, Own

RESOURCE_OF_A_CHILD = """(component
  (import "log" (func $log (param "x" u32)))
  (component $child
    (import "log" (func $log (param "x" u32)))
    (core func $log' (canon lower (func $log)))
    (core module $m
      (import "h" "log" (func $log (param i32)))
      (func (export "made") (result i32) (call $log (i32.const 1)) (i32.const 7))
      (func (export "gone") (param i32)))
    (core instance $i (instantiate $m (with "h" (instance (export "log" (func $log'))))))
    (type $thing (resource (rep i32) (dtor (core func $i "gone"))))
    (export $thing' "thing" (type $thing))
    (func (export "make") (result (own $thing')) (canon lift (core func $i "made"))))
  (instance $one (instantiate $child (with "log" (func $log))))
  (instance $two (instantiate $child (with "log" (func $log))))
  (export "one" (instance $one))
  (export "two" (instance $two))
)"""


def plan(source: str, folder: Path) -> Plan:
    return link(wat(source, folder / "c.wasm").read_bytes())


def exported(plan: Plan, interface: str, name: str) -> object:
    exports = plan.exports[interface]
    assert isinstance(exports, dict)
    return exports[name]


def owned(lift: object) -> object:
    assert isinstance(lift, Lift)
    assert isinstance(lift.type.result, Defined)
    assert isinstance(lift.type.result.kind, Own)
    return lift.type.result.kind.resource


def test_each_instance_of_a_component_has_a_resource_of_its_own(tmp_path: Path) -> None:
    made = plan(RESOURCE_OF_A_CHILD, tmp_path)
    assert (made.instances, made.core_instances, made.parents) == (3, 2, [None, 0, 0])
    assert len(made.modules) == 1
    one, two = exported(made, "one", "thing"), exported(made, "two", "thing")
    assert isinstance(one, PlannedResource)
    assert isinstance(two, PlannedResource)
    assert (one.owner, two.owner) == (1, 2)
    assert isinstance(one.destructor, CoreExport)
    assert isinstance(two.destructor, CoreExport)
    assert (one.destructor.instance, two.destructor.instance) == (0, 1)
    assert owned(exported(made, "one", "make")) is one
    assert owned(exported(made, "two", "make")) is two


def test_functions_and_resources_are_named_as_the_outermost_component_exports_them(tmp_path: Path) -> None:
    made = plan(RESOURCE_OF_A_CHILD, tmp_path)
    for interface in ("one", "two"):
        for name in ("thing", "make"):
            found = exported(made, interface, name)
            assert isinstance(found, Lift | PlannedResource)
            assert (found.interface, found.name) == (interface, name)


def test_a_core_module_is_given_what_it_imports_in_its_order(tmp_path: Path) -> None:
    made = plan(RESOURCE_OF_A_CHILD, tmp_path)
    (log,) = made.steps[0].arguments
    assert isinstance(log, Canon)
    assert (log.kind, log.signature, log.callee) == ("lower", "i:", made.imports["log"])
    assert isinstance(made.imports["log"], HostFunc)


def test_a_plan_is_the_same_after_pickling(tmp_path: Path) -> None:
    made = plan(RESOURCE_OF_A_CHILD, tmp_path)
    loaded: Plan = pickle.loads(pickle.dumps(made))
    assert loaded.modules == made.modules
    assert owned(exported(loaded, "one", "make")) is exported(loaded, "one", "thing")
    assert owned(exported(loaded, "two", "make")) is not exported(loaded, "one", "thing")
    (first,), (second,) = (step.arguments for step in loaded.steps)
    assert isinstance(first, Canon)
    assert isinstance(second, Canon)
    assert first is not second
    assert first.callee is second.callee is loaded.imports["log"]


def test_the_functions_of_a_guest_have_their_signatures() -> None:
    made = link(resources())
    stores = made.imports["t:r/stores"]
    assert isinstance(stores, dict)
    store, get = stores["store"], stores["[method]store.get"]
    assert isinstance(store, PlannedResource)
    assert (store.owner, store.interface, store.name) == (None, "t:r/stores", "store")
    assert isinstance(get, HostFunc)
    self = get.type.params[0][1]
    assert isinstance(self, Defined)
    assert isinstance(self.kind, Borrow)
    assert self.kind.resource is store
    canons = [a for step in made.steps for a in step.arguments if isinstance(a, Canon)]
    (lowered,) = [canon for canon in canons if canon.callee is get]
    # The handle, the key, and where the result goes.
    assert lowered.signature == "iiii:"
    assert isinstance(lowered.options.memory, CoreExport)
    assert lowered.options.memory.sort is CoreSort.MEMORY


def test_a_function_that_passes_through_is_the_imported_one(tmp_path: Path) -> None:
    made = plan('(component (import "f" (func $f)) (export "g" (func $f)))', tmp_path)
    assert made.exports["g"] is made.imports["f"]


def test_a_plan_says_where_the_core_modules_are() -> None:
    content = resources()
    made = link(content)
    engine = wasmtime.Engine()
    compiled = [wasmtime.Module(engine, content[start:end]) for start, end in made.modules]
    assert [len(compiled[step.module].imports) for step in made.steps] == [len(step.arguments) for step in made.steps]


def test_linking_does_not_keep_the_bytes_alive() -> None:
    content = resources()
    gc.collect()
    gc.disable()
    try:
        count = sys.getrefcount(content)
        made = link(content)
        assert made.modules
        assert sys.getrefcount(content) == count
    finally:
        gc.enable()


def test_the_label_of_an_import_tells_its_interface(tmp_path: Path) -> None:
    made = plan('(component (import "main" (implements "a:b/c@1.2.3") (instance (export "f" (func)))))', tmp_path)
    assert made.labels == {"main": "a:b/c@1.2.3"}
    main = made.imports["main"]
    assert isinstance(main, dict)
    assert isinstance(main["f"], HostFunc)
    assert main["f"].interface == "main"


REFUSED = {
    "a-lowered-function-of-another-type": (
        """(component (import "f" (func $f (param "x" u64))) (core func $g (canon lower (func $f)))
        (core module $m (import "h" "f" (func (param i32))))
        (core instance (instantiate $m (with "h" (instance (export "f" (func $g)))))))""",
        "is given another type for the import `h` `f`",
    ),
    "a-lifted-function-of-another-type": (
        """(component (core module $m (func (export "f") (param i64)))
        (core instance $i (instantiate $m))
        (func (param "x" u32) (canon lift (core func $i "f"))))""",
        "needs a core function of the type i:, this one has I:",
    ),
    "a-lifted-function-with-vectors": (
        """(component (core module $m (func (export "f") (param v128)))
        (core instance $i (instantiate $m))
        (func (param "x" u32) (canon lift (core func $i "f"))))""",
        "needs a core function of the type i:, this one has ?:",
    ),
    "a-core-module-for-the-host": (
        '(component (import "m" (core module (export "f" (func)))))',
        "the import `m` is a component or core module, which a host cannot give",
    ),
    "an-import-that-is-lacking": (
        """(component (core module $m (import "h" "f" (func))) (core instance (instantiate $m)))""",
        "lacks the import `h`",
    ),
    "a-memory-that-is-too-small": (
        """(component (core module $a (memory (export "m") 1)) (core module $b (import "a" "m" (memory 2)))
        (core instance $a (instantiate $a)) (core instance (instantiate $b (with "a" (instance $a)))))""",
        "is given another type for the import `a` `m`",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    source, message = REFUSED[name]
    data = wat(source, tmp_path / "c.wasm").read_bytes()
    with pytest.raises(BadWasm, match=message.replace("?", "[?]")) as caught:
        link(data)
    assert 0 <= caught.value.offset < len(data)
