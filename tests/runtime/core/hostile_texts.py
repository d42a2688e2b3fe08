"""Components in text form, changed in their words: more of them are valid than of those with damaged bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Final

import wasmtime

from tests.runtime.core.test_between import HANDLES
from tests.runtime.core.test_passing import PASSING
from tests.runtime.core.test_recursion import chain
from tests.runtime.core.test_rules import BROKEN, with_resource
from tests.runtime.core.test_streams import FILLED, FUTURE, STREAM, alone, passed
from tests.runtime.core.test_subtasks import BACK, BEGIN, CANCELLED, SLOW, SLOWLY, STOPS, both, caller
from tests.runtime.core.test_tasks import COUNTED, COUNTING, RETURN, RULES, STACKFUL, WAIT, guest
from tests.runtime.core.test_transfer import CASES

NESTED: Final = """(component
  (type $r (resource (rep i32)))
  (type $pair (tuple u8 f64))
  (component $outer
    (import "r" (type $r (sub resource)))
    (alias outer 1 $pair (type $pair))
    (component $inner
      (import "r" (type $r (sub resource)))
      (core module $m (memory (export "mem") 1) (func (export "f") (result i32) (i32.const 16))
        (func (export "post") (param i32)) (func (export "g") (param i32 i32 i32) (result i32) (local.get 0)))
      (core instance $i (instantiate $m))
      (type $shape (variant (case "a" u8) (case "b" (tuple f32 char)) (case "c" (list string))))
      (export $named "shape" (type $shape))
      (func (export "f") (result $named)
        (canon lift (core func $i "f") (memory (core memory $i "mem")) (post-return (core func $i "post"))))
      (func (export "g") (param "x" (option u32)) (param "y" (own $r)) (result (result (own $r)))
        (canon lift (core func $i "g") (memory (core memory $i "mem")))))
    (instance $in (instantiate $inner (with "r" (type $r))))
    (export "in" (instance $in)))
  (export $e "r" (type $r))
  (instance $made (instantiate $outer (with "r" (type $e))))
  (alias export $made "in" (instance $in))
  (export "in" (instance $in)))"""
"""Components in components, and a resource that the inner ones get from outside."""

DESTROYED: Final = """(component
  (core module $d (import "" "host" (func $host (param i32))) (memory (export "mem") 1)
    (func (export "dtor") (param i32) (call $host (local.get 0))))
  (import "host" (func $host (param "x" u32)))
  (core func $lowered (canon lower (func $host)))
  (core instance $d (instantiate $d (with "" (instance (export "host" (func $lowered))))))
  (type $r (resource (rep i32) (dtor (core func $d "dtor"))))
  (core func $new (canon resource.new $r)) (core func $rep (canon resource.rep $r))
  (core func $drop (canon resource.drop $r))
  (core module $m (import "r" "new" (func $new (param i32) (result i32)))
    (import "r" "rep" (func $rep (param i32) (result i32))) (import "r" "drop" (func $drop (param i32)))
    (func (export "make") (param i32) (result i32) (call $new (local.get 0)))
    (func (export "look") (param i32) (result i32) (local.get 0))
    (func (export "take") (param i32) (result i32) (call $rep (local.get 0)) (call $drop (local.get 0))))
  (core instance $i (instantiate $m (with "r" (instance
    (export "new" (func $new)) (export "rep" (func $rep)) (export "drop" (func $drop))))))
  (export $e "r" (type $r))
  (func (export "[constructor]r") (param "n" u32) (result (own $e)) (canon lift (core func $i "make")))
  (func (export "[method]r.look") (param "self" (borrow $e)) (result u32) (canon lift (core func $i "look")))
  (func (export "take") (param "r" (own $e)) (result u32) (canon lift (core func $i "take"))))"""
"""A resource with a destructor that calls the host."""

TYPES: Final = [
    *["bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string", "error-context"],
    "(list u8)", "(list string)", "(list u16 3)", "(option string)", "(result (error u64))", "(tuple u8 f64)",
    "(map string u32)", '(record (field "a" u8) (field "b" string))', '(variant (case "a") (case "b" f64))',
    '(flags "a" "b")', '(enum "a" "b" "c")', "(stream u8)", "(stream)", "(future string)", "(stream (list u8))",
]  # fmt: skip
NUMBERS: Final = [*map(str, (0, 1, 2, 3, 4, 5, 8, 16, 64, 100, 65528, 65535, 65536, 0x7FFFFFFF)), "-1", "0x42"]
WORDS: Final = {
    "async": ["", "async"],
    "own": ["borrow"], "borrow": ["own"],
    "i32": ["i64", "f32", "i32"], "i64": ["i32"],
    "i32.store": ["i32.store8", "i64.store", "i32.store16"], "i32.load": ["i32.load8_u", "i32.load16_s"],
    "i32.add": ["i32.sub", "i32.mul", "i32.and"], "i32.eq": ["i32.ne"], "i32.ne": ["i32.eq"],
    "drop": ["nop"], "return": ["unreachable"], "unreachable": ["nop"],
    "string-encoding=utf8": ["string-encoding=utf16"], "string-encoding=utf16": ["string-encoding=latin1+utf16"],
    "stream.read": ["stream.write", "future.read"], "stream.write": ["stream.read"], "future.read": ["future.write"],
    "stream.drop-readable": ["stream.drop-writable"], "stream.drop-writable": ["stream.drop-readable"],
    "stream.cancel-read": ["stream.cancel-read $s async", "stream.cancel-write"],
    "resource.drop": ["resource.rep"], "resource.new": ["resource.rep"], "resource.rep": ["resource.drop"],
    "subtask.cancel": ["subtask.cancel async", "subtask.drop"], "subtask.drop": ["waitable-set.drop"],
    "waitable-set.wait": ["waitable-set.poll"], "waitable-set.poll": ["waitable-set.wait"],
    "thread.yield": ["thread.suspend"], "thread.suspend": ["thread.yield"], "backpressure.inc": ["backpressure.dec"],
    "realloc": ["post-return", "callback"], "callback": ["realloc"],
}  # fmt: skip
"""What may stand for a word."""

_TOKEN: Final = re.compile(r'"[^"]*"|[()]|[^\s()"]+|\s+')
_NUMBER: Final = re.compile(r"-?(0x)?[0-9a-f]+$")


@cache
def sources() -> tuple[str, ...]:
    """The texts that are changed. Those that run are there three times, because half of the others are short."""
    sound = (
        HANDLES, PASSING, NESTED, DESTROYED, chain(20, "string"), caller(), both(BEGIN, BACK, SLOW, SLOWLY),
        both(CANCELLED, "unreachable", "(i32.const 1)", STOPS), guest(COUNTED, COUNTING), guest(WAIT, RETURN),
        guest("(call $return (local.get 0)) (i32.const 1)", "(i32.const 0)",
              '(func (export "deep") (param i32) (call $return (local.get 0)))', STACKFUL),
        alone(f"{STREAM} {FILLED}"), alone(f"{FUTURE} (i32.const 1)"), alone(f"{STREAM} {FILLED}", asynchronous=False),
        passed(" u32", "", "(i32.load (i32.const 64))"), passed(" string", "", "(i32.const 0)"),
        with_resource('(func (export "f") (result i32) (call $new (i32.const 9)))', type="(result (own $e))"),
        *CASES.values(),
    )  # fmt: skip
    return (*sound * 3, *(guest(begin) for begin, _ in RULES.values()), *(text for text, *_ in BROKEN.values()))


def changed(chance: Random) -> bytes:
    """One of the texts with a few words changed, as bytes; another one if those have no binary form."""
    while True:
        tokens = _TOKEN.findall(chance.choice(sources()))
        for _ in range(chance.choice([1, 1, 1, 2, 3])):
            _change(chance, tokens)
        try:
            return bytes(wasmtime.wat2wasm("".join(tokens)))
        except wasmtime.WasmtimeError:
            continue


def _change(chance: Random, tokens: list[str]) -> None:
    """Change one word, or remove or repeat what is in one pair of parentheses."""
    match chance.randrange(6):
        case 0:
            begin, end = chance.choice(list(_groups(tokens)))
            tokens[begin:end] = [] if chance.randrange(2) else tokens[begin:end] * 2
        case 1:
            names = [at for at, token in enumerate(tokens) if token.startswith("$")]
            tokens[chance.choice(names)] = tokens[chance.choice(names)]
        case 2:
            types = [at for at, token in enumerate(tokens) if token in TYPES]
            if types:
                tokens[chance.choice(types)] = chance.choice(TYPES)
        case 3:
            words = [at for at, token in enumerate(tokens) if token in WORDS]
            at = chance.choice(words)
            tokens[at] = chance.choice(WORDS[tokens[at]])
        case _:
            numbers = [at for at, token in enumerate(tokens) if _NUMBER.match(token)]
            if numbers:
                tokens[chance.choice(numbers)] = chance.choice(NUMBERS)


def _groups(tokens: list[str]) -> Iterator[tuple[int, int]]:
    """Where pairs of parentheses that are not the outermost begin and end."""
    opened: list[int] = []
    for at, token in enumerate(tokens):
        if token == "(":
            opened.append(at)
        elif token == ")":
            begin = opened.pop()
            if opened:
                yield begin, at + 1
