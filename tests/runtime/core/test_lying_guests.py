"""Guests whose results are nonsense: each call gives a value or a trap, and reads nothing outside the guest."""

from __future__ import annotations

import gc
import random
import struct
from functools import cache
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.guests import ELEMENTS
from witkit.runtime import Engine, Instance, Trap

PAGE = 65536
ROUNDS = 12


@cache
def saying() -> bytes:
    """`fill` writes bytes to the guest's memory; `say-K` returns a list that begins where the first word says, and is
    as long as the second; `hear-K` gives the host such a list; `realloc` gives what the third word says."""
    wit = ["package t:lies;", "interface h {", guests._TYPES]
    wit += [f"  f-{k}: func(p: list<{t}>) -> list<{t}>;" for k, t in ELEMENTS.items()]
    wit += ["}", "world w {", "  import h;", "  use h.{point, val, perms, color, big};"]
    wit += ["  export fill: func(data: list<u8>);"]
    wit += [f"  export say-{k}: func() -> list<{t}>; export hear-{k}: func();" for k, t in ELEMENTS.items()]
    wat = ["(module"]
    wat += [f'(import "t:lies/h" "f-{k}" (func $f_{k} (param i32 i32 i32)))' for k in ELEMENTS]
    wat += [
        """(memory (export "memory") 1) (global $lies (mut i32) (i32.const 0))
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
          (if (result i32) (global.get $lies) (then (i32.load (i32.const 8))) (else (i32.const 0))))
        (func (export "fill") (param i32 i32) (global.set $lies (i32.const 1)))"""
    ]
    for k in ELEMENTS:
        wat.append(f'(func (export "say-{k}") (result i32) (i32.const 0))')
        wat.append(f"""(func (export "hear-{k}")
          (call $f_{k} (i32.load (i32.const 0)) (i32.load (i32.const 4)) (i32.load (i32.const 12))))""")
    return guests.component("\n".join([*wit, "}"]), "\n".join([*wat, ")"]))


def nonsense(chance: random.Random) -> bytes:
    """A memory full of numbers that could be lengths, pointers, discriminants, text."""
    words = [0, 1, 2, 3, 4, 7, 8, 16, 100, 1000, 0x41414141, PAGE - 1, PAGE - 8, PAGE, PAGE + 1, 1 << 28, (1 << 32) - 1]
    body = chance.choices(words, k=PAGE // 4)
    for at in range(0, len(body), 10):
        body[at + chance.randrange(4)] = chance.getrandbits(32)
    body[0] = chance.choice([0, 4, 8, 16, 17, 64, PAGE - 16, PAGE, 1 << 31])
    body[1] = chance.choice([0, 1, 2, 3, 10, 100, 5000, 1 << 20, (1 << 32) - 1])
    return struct.pack(f"<{len(body)}I", *body)


class Host:
    """Gives back what it hears."""

    def __getattr__(self, name: str) -> Any:
        return lambda value: value


@pytest.fixture(scope="module")
def component() -> Any:
    return Engine(cache=False).load(saying())


def instance(component: Any) -> Instance:
    made: Instance = component.instantiate({"t:lies/h": Host()})
    return made


@pytest.mark.parametrize("way", ["say", "hear"])
@pytest.mark.parametrize("key", ELEMENTS)
def test_nonsense_is_a_value_or_a_trap(component: Any, key: str, way: str) -> None:
    chance, values, traps = random.Random(key + way), 0, 0
    for _ in range(ROUNDS):
        with instance(component) as made:
            made.function(None, "fill")(nonsense(chance))
            try:
                made.function(None, f"{way}-{key}")()
                values += 1
            except Trap:
                traps += 1
            assert made.closed == bool(traps) or values
        gc.collect()
    assert traps
    assert values + traps == ROUNDS
