"""A short run of the fuzz target that is the same every time."""

from __future__ import annotations

import random

import pytest

from tests.fuzz.fuzz_parse import one_input

TODAY = b"""package a:b@1.0.0;
/// docs
@since(version = 1.0.0)
interface i { record r { a: list<u8, 4>, } f: func(x: own<q>) -> result<_, r>; resource q { constructor(); } }
world w { import a:b/c; export f: async func(); include v with { a as b } use i.{r as s}; }
"""
OF_2022 = b"""// A shop.
use { error, order as placed } from types
resource shop { static open: function(name: string) -> expected<shop, error>  close: func() -> unit }
union any { string, float64 }
watch: async function(s: stream<u8, unit>) -> future<unit>
"""


@pytest.mark.parametrize("text", [TODAY, OF_2022])
@pytest.mark.parametrize("seed", range(6))
def test_mutated_bytes_are_read(text: bytes, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        data = bytearray(text)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randint(1, 20)]
                case _:
                    data[at:at] = data[at : at + chance.randint(1, 20)] * chance.randint(1, 3)
            data = data or bytearray(text)
        one_input(bytes(data))
