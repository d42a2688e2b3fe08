"""Components that `wasm-tools compose` has made of two: one guest calls the other, and the host sees one component."""

from __future__ import annotations

import pytest

from tests.runtime import guests
from tests.tools.wasm_tools import run
from witkit.runtime import Engine, Trap

PACKAGE = """package t:c;
interface words {
  resource box { constructor(word: string); word: func() -> string; }
  shout: func(word: string) -> string;
  fail: func();
}
"""
PROVIDER = f"""{PACKAGE}
world w {{ export words; }}"""
CONSUMER = f"""{PACKAGE}
world w {{
  import words;
  export say: func(word: string) -> string; export boxed: func(word: string) -> string; export fall: func();
}}"""

PROVIDES = f"""(module
  (import "[export]t:c/words" "[resource-new]box" (func $new (param i32) (result i32)))
  {guests.REALLOC}
  (func $pair (param i32 i32) (result i32)
    (i32.store (i32.const 64) (local.get 0)) (i32.store (i32.const 68) (local.get 1)) (i32.const 64))
  (func (export "t:c/words#shout") (param $at i32) (param $length i32) (result i32)
    (i32.store8 (local.get $at) (i32.const 33)) (call $pair (local.get $at) (local.get $length)))
  (func (export "t:c/words#fail") unreachable)
  (func (export "t:c/words#[constructor]box") (param i32 i32) (result i32)
    (i32.store (i32.const 128) (local.get 0)) (i32.store (i32.const 132) (local.get 1)) (call $new (i32.const 128)))
  (func (export "t:c/words#[method]box.word") (param i32) (result i32)
    (call $pair (i32.load (local.get 0)) (i32.load offset=4 (local.get 0)))))"""
CONSUMES = f"""(module
  (import "t:c/words" "shout" (func $shout (param i32 i32 i32)))
  (import "t:c/words" "fail" (func $fail))
  (import "t:c/words" "[constructor]box" (func $box (param i32 i32) (result i32)))
  (import "t:c/words" "[method]box.word" (func $word (param i32 i32)))
  (import "t:c/words" "[resource-drop]box" (func $drop (param i32)))
  {guests.REALLOC}
  (func (export "say") (param i32 i32) (result i32)
    (call $shout (local.get 0) (local.get 1) (i32.const 64)) (i32.const 64))
  (func (export "boxed") (param i32 i32) (result i32) (local $b i32)
    (local.set $b (call $box (local.get 0) (local.get 1)))
    (call $word (local.get $b) (i32.const 64)) (call $drop (local.get $b)) (i32.const 64))
  (func (export "fall") (call $fail)))"""


@pytest.fixture(scope="module")
def composed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("composed")
    for name, wit, wat in [("provider", PROVIDER, PROVIDES), ("consumer", CONSUMER, CONSUMES)]:
        (folder / f"{name}.wasm").write_bytes(guests.component(wit, wat))
    made = folder / "made.wasm"
    done = run("compose", str(folder / "consumer.wasm"), "-d", str(folder / "provider.wasm"), "-o", str(made))
    assert done.returncode == 0, done.stderr
    return made.read_bytes()


def test_one_guest_calls_the_other(composed: bytes) -> None:
    component = Engine(cache=False).load(composed)
    assert component.imports == ()
    with component.instantiate() as instance:
        assert instance.function(None, "say")("hello") == "!ello"
        assert instance.function(None, "boxed")("word") == "word"


def test_a_trap_of_the_inner_guest_stops_both(composed: bytes) -> None:
    with Engine(cache=False).load(composed).instantiate() as instance:
        with pytest.raises(Trap, match="`fall` stopped: the guest reached an `unreachable` instruction"):
            instance.function(None, "fall")()
        assert instance.closed
