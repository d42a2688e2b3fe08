"""Loading: what is not a component is recognized, and a component is compiled once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.runtime import guests
from witkit._kept import SEAL
from witkit.runtime import Engine, UntypedComponent
from witkit.runtime.cache import Cache, sources
from witkit.text import WitkitError

CORE = b"\0asm\x01\0\0\0"


def refusal(source: Path | bytes) -> str:
    with pytest.raises(WitkitError) as caught:
        Engine(cache=False).load(source)
    (found,) = caught.value.diagnostics
    assert found.help
    return f"{found.code}: {found.message}"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "orders.wasm"
    assert refusal(path) == f"WIT0701: the component `{path}` does not exist"


def test_a_path_through_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "shop.wit").touch()
    path = tmp_path / "shop.wit" / "orders.wasm"
    assert refusal(path) == f"WIT0701: the component `{path}` does not exist"


def test_a_folder_is_not_a_component(tmp_path: Path) -> None:
    assert refusal(tmp_path) == f"WIT0701: the component `{tmp_path}` is a folder"


def test_a_path_that_is_too_long_is_to_be_shortened() -> None:
    with pytest.raises(WitkitError) as refused:
        Engine(cache=False).load("orders" * 60 + ".wasm")
    (said,) = refused.value.diagnostics
    assert said.code == "WIT0701"
    assert said.help.startswith("shorten it: " if os.name != "nt" else "")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "orders.wasm"
    os.mkfifo(path)
    assert refusal(path) == f"WIT0701: the component `{path}` is a pipe, a socket or a device"


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root reads every file")
def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secret.wasm"
    path.write_bytes(guests.behaviour())
    path.chmod(0)
    assert refusal(path) == f"WIT0701: the component `{path}` cannot be read: permission denied"


def test_a_core_module_is_recognized_with_the_way_out() -> None:
    assert refusal(CORE) == "WIT0702: `<component>` is a core module, not a component"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "WIT0703: `<component>` is empty"),
        (b"#!/bin/sh", "WIT0703: `<component>` is not a WebAssembly component"),
        (b"\0as", "WIT0704: `<component>` ends in the middle of its header"),
        (b"\0asm\x0d\0", "WIT0704: `<component>` ends in the middle of its header"),
        (b"\0asm\x07\0\0\0", "WIT0703: `<component>` is WebAssembly of an unknown version"),
    ],
)
def test_garbage_is_recognized(content: bytes, message: str) -> None:
    assert refusal(content) == message


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_component_is_damaged(share: float) -> None:
    content = guests.behaviour()
    assert refusal(content[: int(len(content) * share)]).startswith("WIT0704: `<component>` is damaged:")


def test_text_that_is_not_a_component_is_refused() -> None:
    assert refusal(b"(component (oops))").startswith("WIT0703: `<component>` is not valid WebAssembly text:")


LACKING = {
    "a component import": ("witkit", '(component (import "a" (component)))'),
    "a core module import": ("witkit", '(component (import "a" (core module)))'),
    "a value": ("witkit", '(component (import "a" (value string)))'),
    "a start function": ("witkit", '(component (import "a" (func $f)) (start $f))'),
    "another size of pages": ("wasmtime", "(component (core module $m (memory 1 (pagesize 1))) {})"),
    "stack switching": ("witkit", "(component (core module $m (type $f (func)) (type (cont $f))) {})"),
}
USED = "(core instance (instantiate $m))"


@pytest.mark.parametrize("what", LACKING)
def test_what_the_engine_lacks_is_unsupported(what: str) -> None:
    who, text = LACKING[what]
    assert refusal(text.format(USED).encode()).startswith(
        f"WIT0705: unsupported: `<component>` needs a feature that {who} "
    )


@pytest.mark.parametrize(
    ("what", "part", "limit"),
    [("memories", "(core module $m (memory 1)%s)", "100"), ("tables", "(core module $m (table 1 funcref)%s)", "100")],
)
def test_too_many_parts_of_a_module_are_counted(what: str, part: str, limit: str) -> None:
    one = part[part.index("(", 1) : part.index("%")].removeprefix("$m ")
    text = f"(component {part % (one * 199)} {USED})"
    assert refusal(text.encode()) == f"WIT0706: `<component>` has too many {what}; the limit is {limit}"


def test_too_many_instances_are_too_much() -> None:
    text = f"(component (core module $m) {USED * 10_001})"
    assert refusal(text.encode()).startswith(
        "WIT0706: `<component>` is beyond a limit of witkit: more than 10000 instances of core modules"
    )


def test_too_many_parameters_are_too_much() -> None:
    text = f"(component (core module $m (type (func (param {'i32 ' * 1001})))) {USED})"
    assert "WIT0706: `<component>` is beyond a limit of wasmtime" in refusal(text.encode())


def _component_with_a_body_of(size: int) -> bytes:
    """A component with a core module with a function of as many bytes, which is not worth parsing as a text."""

    def number(value: int) -> bytes:
        return bytes([value & 0x7F | 0x80]) + number(value >> 7) if value > 0x7F else bytes([value])

    def section(kind: int, content: bytes) -> bytes:
        return bytes([kind]) + number(len(content)) + content

    code = section(10, b"\1" + number(size) + b"\0" + b"\1" * (size - 2) + b"\x0b")
    module = b"\0asm\1\0\0\0" + section(1, b"\1\x60\0\0") + section(3, b"\1\0") + code
    instance = section(2, b"\1\0\0\0")
    return b"\0asm\x0d\0\1\0" + section(1, module) + instance


def test_a_function_that_is_too_long_is_named_with_its_limit() -> None:
    assert refusal(_component_with_a_body_of(7_654_322)) == (
        "WIT0706: `<component>` has a function body that is too large; the limit is 7,654,321 bytes"
    )


def test_what_is_too_large_is_named_as_that() -> None:
    text = f"(component (core module $m (func (local {'i32 ' * 60_000}))) {USED})"
    assert "WIT0706: `<component>` is beyond a limit of wasmtime" in refusal(text.encode())
    assert "too many locals" in refusal(text.encode())


@pytest.mark.parametrize(
    "text", [f"(component (core module $m (func (result i32))) {USED})", '(component (import "a" (func (type 5))))']
)
def test_what_is_not_valid_is_damaged(text: str) -> None:
    assert refusal(text.encode()).startswith("WIT0704: `<component>` is damaged:")


def test_a_core_module_is_refused_with_its_place_whether_it_is_used_or_not() -> None:
    module = "(core module $m (func (result i32) (i64.const 1)))"
    found = [refusal(f"(component {module} {used})".encode()) for used in (USED, "")]
    assert found == ["WIT0704: `<component>` is damaged: type mismatch: expected i32, found i64 (at offset 0x24)"] * 2


def test_a_section_that_ends_too_early_is_damaged() -> None:
    from witkit.runtime.refusals import refused

    text = (
        "failed to parse WebAssembly module\n\nCaused by:\n    section too large, 41 goes past 0x583 (at offset 0x55a)"
    )
    assert refused(text, "x", "1").code == "WIT0704"


def test_a_component_in_text_form_is_loaded() -> None:
    assert Engine(cache=False).load(b'(component (import "a" (func)))').imports == ("a",)


def compiled(cache: Path) -> list[Path]:
    """The compiled core modules in a cache."""
    return sorted((cache / "components").glob("*.cwasm"))


def test_the_compiled_form_is_kept_by_content(tmp_path: Path) -> None:
    engine = Engine(cache=tmp_path)
    engine.load(guests.behaviour())
    first = {path: path.stat().st_mtime_ns for path in compiled(tmp_path)}
    Engine(cache=tmp_path).load(guests.behaviour())
    assert {path: path.stat().st_mtime_ns for path in compiled(tmp_path)} == first
    engine.load(guests.lists())
    assert len(compiled(tmp_path)) > len(first)


def test_a_damaged_cache_is_replaced(tmp_path: Path) -> None:
    Engine(cache=tmp_path).load(guests.behaviour())
    good = {path: path.read_bytes() for path in compiled(tmp_path)}
    for path in good:
        path.write_bytes(b"not compiled")
    component = Engine(cache=tmp_path).load(guests.behaviour())
    assert {path: path.read_bytes() for path in compiled(tmp_path)} == good
    assert adds(component)


def adds(component: UntypedComponent) -> bool:
    with component.instantiate(optional=["t:behave/host"]) as instance:
        return bool(instance.function(None, "add")(1, 2) == 3)


@pytest.mark.parametrize("seed", range(8))
def test_bytes_that_flip_in_compiled_code_are_compiled_again(seed: int, tmp_path: Path) -> None:
    Engine(cache=tmp_path).load(guests.behaviour())
    chance = random.Random(seed)
    path = chance.choice(compiled(tmp_path))
    damaged = bytearray(path.read_bytes())
    for _ in range(8):
        damaged[chance.randrange(len(damaged))] ^= 0xFF
    path.write_bytes(damaged)
    assert adds(Engine(cache=tmp_path).load(guests.behaviour()))
    assert path.read_bytes() != damaged


def test_compiled_code_of_another_component_is_not_run(tmp_path: Path) -> None:
    engine = Engine(cache=tmp_path)
    engine.load(guests.behaviour())
    own = compiled(tmp_path)
    engine.load(guests.lists())
    other = next(path for path in compiled(tmp_path) if path not in own)
    for path in own:
        path.write_bytes(other.read_bytes())
    assert adds(Engine(cache=tmp_path).load(guests.behaviour()))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs paths of descriptors")
def test_the_file_that_was_checked_is_the_file_that_is_mapped(tmp_path: Path) -> None:
    Engine(cache=tmp_path).load(guests.behaviour())
    path = compiled(tmp_path)[0]
    with Cache(tmp_path).opened(path) as file:
        assert file is not None
        path.unlink()
        path.write_bytes(b"planted")
        (by_path, by_content) = sources(file)
        assert isinstance(by_path, str)
        assert Path(by_path).read_bytes()[:-SEAL] == by_content


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs POSIX permissions")
def test_a_cache_that_others_can_write_is_not_read(tmp_path: Path) -> None:
    Engine(cache=tmp_path).load(guests.behaviour())
    folder = tmp_path / "components"
    assert folder.stat().st_mode & 0o077 == 0
    for path in folder.iterdir():
        path.write_bytes(b"planted")
    folder.chmod(0o777)
    assert adds(Engine(cache=tmp_path).load(guests.behaviour()))


def test_a_cache_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    component = Engine(cache=tmp_path / "file").load(guests.behaviour())
    assert "add" in component.exports


def test_the_environment_limits_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WITKIT_CACHE_GIB", "0")
    cache = Cache(tmp_path)
    for name in ("1" * 8, "2" * 8):
        cache.store(tmp_path / "components" / name, b"compiled")
    assert [path.name for path in (tmp_path / "components").iterdir()] == ["2" * 8]
    monkeypatch.setenv("WITKIT_CACHE_GIB", "1")
    cache.store(tmp_path / "components" / ("3" * 8), b"compiled")
    assert len([*(tmp_path / "components").iterdir()]) == 2


def test_the_environment_names_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from witkit._resources import cache_folder

    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
    monkeypatch.delenv("WITKIT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder() == tmp_path / "xdg" / "witkit"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "witkit"


def test_names_of_imports_and_exports_are_listed(engine: Engine) -> None:
    component = engine.load(guests.resources())
    assert component.imports == ("t:r/stores",)
    assert component.exports[0] == "t:r/counters"
    assert "two" in component.exports


def test_nothing_but_the_runtime_loads_wasmtime() -> None:
    code = "import sys, witkit, witkit.cli, witkit.abi; sys.exit('wasmtime' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_program_learns_when_a_component_is_compiled(tmp_path: Path) -> None:
    events: list[str] = []

    @contextmanager
    def compiling(name: str) -> Iterator[None]:
        events.append(f"compiling {name}")
        yield
        events.append("done")

    file = tmp_path / "app.wasm"
    file.write_bytes(guests.behaviour())
    for _ in range(2):  # the second time it is taken from the cache
        Engine(cache=tmp_path / "cache", on_compile=compiling).load(file)
    assert events == [f"compiling {file}", "done"]
