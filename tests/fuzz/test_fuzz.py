"""A short run of the fuzz target that is the same every time."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.fuzz_parse import one_input

SEED = b"""package a:b@1.0.0;
/// docs
@since(version = 1.0.0)
interface i { record r { a: list<u8, 4>, } f: func(x: own<q>) -> result<_, r>; resource q { constructor(); } }
world w { import a:b/c; export f: async func(); include v with { a as b } use i.{r as s}; }
"""


@pytest.mark.parametrize("seed", range(8))
def test_mutated_bytes_are_read(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        data = bytearray(SEED)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randint(1, 20)]
                case _:
                    data[at:at] = data[at : at + chance.randint(1, 20)] * chance.randint(1, 3)
            data = data or bytearray(SEED)
        one_input(bytes(data))
