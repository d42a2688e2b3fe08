"""Plans are kept beside the compiled modules, and only what is whole is taken back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import wasmtime

from tests.runtime import guests
from tests.wasm.encoding import wat
from witkit.runtime.cache import Cache
from witkit.runtime.core import plans as plans_module
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.plans import Linked, Plans
from witkit.wasm.cursor import BadWasm

REBUILT = """(component
  (core module $library (func (export "half") (param i32) (result i32) (i32.div_u (local.get 0) (i32.const 2))))
  (core module $program (func (export "f") (result i32) (i32.const {number})))
  (core instance (instantiate $library))
  (core instance $i (instantiate $program))
  (func (export "f") (result u32) (canon lift (core func $i "f"))))"""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was linked, not taken from the cache."""
    contents: list[bytes] = []
    link = plans_module.Linked.of

    def noted(content: bytes) -> plans_module.Linked:
        contents.append(content)
        return link(content)

    monkeypatch.setattr(plans_module.Linked, "of", noted)
    return contents


@pytest.fixture(scope="module")
def mode() -> Mode:
    return Mode(fuel=False)


def kept(folder: Path, kind: str) -> set[Path]:
    return set(folder.rglob(f"*.{kind}"))


def test_a_component_is_linked_once(tmp_path: Path, read: list[bytes]) -> None:
    content = guests.resources()
    assert Plans(Cache(tmp_path)).kept(content) is None
    one, other = (Plans(Cache(tmp_path)).linked(content) for _ in range(2))
    assert read == [content]
    assert other.plan.modules == one.plan.modules
    assert other.modules == one.modules
    assert set(other.plan.exports) == set(one.plan.exports)
    assert Plans(Cache(tmp_path)).kept(content) is not None


def test_a_plan_that_was_changed_on_disk_is_made_again(tmp_path: Path, read: list[bytes]) -> None:
    plans = Plans(Cache(tmp_path))
    plans.linked(guests.resources())
    (path,) = kept(tmp_path, "plan")
    path.write_bytes(path.read_bytes()[:-1])
    assert plans.linked(guests.resources()).plan.exports
    assert plans.linked(guests.resources()).plan.exports
    assert len(read) == 2


def test_a_plan_in_place_of_another_is_not_taken(tmp_path: Path, read: list[bytes]) -> None:
    plans = Plans(Cache(tmp_path))
    plans.linked(guests.resources())
    (path,) = kept(tmp_path, "plan")
    plans.linked(guests.lists())
    (other,) = kept(tmp_path, "plan") - {path}
    other.replace(path)
    assert "t:r/stores" in plans.linked(guests.resources()).plan.imports
    assert len(read) == 3


def test_a_plan_of_another_version_is_not_taken(
    tmp_path: Path, read: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    Plans(Cache(tmp_path)).linked(guests.resources())
    monkeypatch.setattr(plans_module, "_maker", lambda: "another")
    Plans(Cache(tmp_path)).linked(guests.resources())
    assert len(read) == 2
    assert len(kept(tmp_path, "plan")) == 2


def test_without_a_cache_a_component_is_linked_each_time(read: list[bytes]) -> None:
    plans = Plans(Cache(None))
    assert plans.kept(guests.resources()) is None
    assert [len(plans.linked(guests.resources()).modules) > 0 for _ in range(2)] == [True, True]
    assert len(read) == 2


def test_of_what_cannot_be_linked_nothing_is_kept(tmp_path: Path) -> None:
    with pytest.raises(BadWasm):
        Plans(Cache(tmp_path)).linked(guests.resources()[:-5])
    assert kept(tmp_path, "plan") == set()


def test_only_modules_that_changed_are_compiled(mode: Mode, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    plans, modules = Plans(cache), Modules(mode, cache)
    first, again = (wat(REBUILT.format(number=n), tmp_path / f"{n}.wasm").read_bytes() for n in (1, 2))
    compiling: list[str] = []

    @contextmanager
    def noted() -> Iterator[None]:
        compiling.append("begin")
        yield
        compiling.append("end")

    assert not modules.has(plans.linked(first))
    Blueprint(plans.linked(first), modules, noted)
    assert modules.has(plans.linked(first))
    library_and_program = kept(tmp_path, "cwasm")
    assert len(library_and_program) == 2

    assert not modules.has(plans.linked(again))
    Blueprint(plans.linked(again), modules, noted)
    assert len(kept(tmp_path, "cwasm") - library_and_program) == 1

    Blueprint(plans.linked(first), modules, noted)
    Blueprint(plans.linked(again), modules, noted)
    assert compiling == ["begin", "end"] * 2


def test_a_module_that_is_gone_or_damaged_is_compiled_again(mode: Mode, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    plans, modules = Plans(cache), Modules(mode, cache)
    content = wat(REBUILT.format(number=1), tmp_path / "1.wasm").read_bytes()
    Blueprint(plans.linked(content), modules)
    one, other = kept(tmp_path, "cwasm")
    one.unlink()
    other.write_bytes(other.read_bytes()[:-1])
    assert not modules.has(plans.linked(content))
    assert len(Blueprint(plans.linked(content), modules).compiled) == 2
    assert modules.has(plans.linked(content))


def test_what_cannot_be_compiled_is_an_error_of_the_compiler_each_time(mode: Mode, tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    plans, modules = Plans(cache), Modules(mode, cache)
    content = wat(REBUILT.format(number=77), tmp_path / "1.wasm").read_bytes()
    # `i32.const 77` with another instruction in the place of `i32.const`, which takes a value that is not there.
    broken = content.replace(b"\x41\xcd\x00\x0b", b"\x45\x45\x01\x0b")
    assert broken != content
    for _ in range(2):
        with pytest.raises(wasmtime.WasmtimeError, match="type mismatch"):
            Blueprint(plans.linked(broken), modules)
        assert not modules.has(plans.linked(broken))


UNUSED = {
    "at the top": "(component (core module {module}))",
    "in a component that nothing instantiates": "(component (component (component (core module {module}))))",
    "exported": '(component (core module $m {module}) (export "m" (core module $m)))',
    "beside one that is used": """(component
        (core module {module})
        (core module $m) (core instance (instantiate $m)))""",
    "of a component that is instantiated": """(component
        (component $c (core module {module}))
        (instance (instantiate $c)))""",
}


@pytest.mark.parametrize("where", UNUSED)
def test_a_core_module_that_nothing_instantiates_is_validated(where: str, tmp_path: Path) -> None:
    good, bad = (
        wat(UNUSED[where].format(module=f"(func (result i32) ({kind}.const 1))"), tmp_path / kind).read_bytes()
        for kind in ("i32", "i64")
    )
    assert len(Linked.of(good).plan.unused) == 1
    # The offset in the file, at which the function ends with another type than it says.
    offset = bad.index(b"\x42\x01\x0b") + 2
    with pytest.raises(wasmtime.WasmtimeError, match=rf"expected i32, found i64 \(at offset {offset:#x}\)"):
        Linked.of(bad)


def test_the_plan_of_a_component_with_a_module_that_is_not_valid_is_not_kept(tmp_path: Path) -> None:
    content = wat("(component (core module (func (result i32))))", tmp_path / "bad.wasm").read_bytes()
    for _ in range(2):
        with pytest.raises(wasmtime.WasmtimeError, match="expected i32 but nothing on stack"):
            Plans(Cache(tmp_path / "cache")).linked(content)
    assert kept(tmp_path, "plan") == set()


def test_modules_that_nothing_instantiates_are_validated_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = wat("(component (core module))", tmp_path / "good.wasm").read_bytes()
    Plans(Cache(tmp_path / "cache")).linked(content)
    monkeypatch.setattr(plans_module, "validate", None)
    assert len(Plans(Cache(tmp_path / "cache")).linked(content).plan.unused) == 1


def test_an_error_in_a_module_names_the_offset_in_the_file(mode: Mode, tmp_path: Path) -> None:
    text = "(component (core module $m (func (result i32) (i64.const 1))) (core instance (instantiate $m)))"
    content = wat(text, tmp_path / "bad.wasm").read_bytes()
    with pytest.raises(wasmtime.WasmtimeError, match=f"at offset {content.index(bytes([0x42, 1, 0x0B])) + 2:#x}: type"):
        Blueprint(Linked.of(content), Modules(mode, Cache(None)))


LOADED = """
import sys
from pathlib import Path
from witkit.runtime.cache import Cache
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.plans import Plans

content, cache, mode = Path(sys.argv[1]).read_bytes(), Cache(Path(sys.argv[2])), Mode(fuel=False)
input()
for _ in range(20):
    print(len(Blueprint(Plans(cache).linked(content), Modules(mode, cache)).compiled))
"""


def test_processes_may_load_a_component_at_the_same_time(tmp_path: Path) -> None:
    wat(REBUILT.format(number=1), tmp_path / "1.wasm")
    command = [sys.executable, "-c", LOADED, str(tmp_path / "1.wasm"), str(tmp_path / "cache")]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate() for process in processes] == [("2\n" * 20, "")] * 2
    assert len(kept(tmp_path, "cwasm")) == 2
    assert len(kept(tmp_path, "plan")) == 1
