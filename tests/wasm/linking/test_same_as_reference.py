"""Random functions with random options, lifted and lowered: wasm-tools gives the same verdicts."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.ir.conftest import reference
from tests.sampled import sampled
from tests.wasm.encoding import wat
from witkit.wasm.cursor import BadWasm
from witkit.wasm.linking import validate

SEEDS = 100
_PRIMITIVES = ("bool", "u8", "s16", "u32", "u64", "f32", "f64", "char", "string", "error-context")
_ENCODINGS = ("", "string-encoding=utf8", "string-encoding=utf16", "string-encoding=latin1+utf16")
_CORE = {"i": "i32", "I": "i64", "f": "f32", "F": "f64", ":": ""}


class Chance(random.Random):
    """Makes the text of types and options."""

    def value(self, depth: int = 2) -> str:
        if not depth or self.random() < 0.5:
            return self.choice(_PRIMITIVES)
        inner = [self.value(depth - 1) for _ in range(self.choice([1, 1, 2, 3, 9]))]
        first = inner[0]
        return self.choice(
            [
                f"(list {first})",
                f"(list {first} {self.choice([1, 3, 20])})",
                f"(option {first})",
                f"(result {self.choice(_PRIMITIVES)} (error {inner[-1]}))",
                f"(tuple {' '.join(inner)})",
                f"(stream {self.choice(_PRIMITIVES[:6])})",
                "(future u8)",
                "$record",
                "$colour",
                "$rights",
                "(own $store)",
            ]
        )

    def func(self) -> str:
        params = " ".join(
            f'(param "p{i}" {"(borrow $store)" if self.random() < 0.1 else self.value()})'
            for i in range(self.choice([0, 1, 1, 2, 3, 5, 17]))
        )
        result = f"(result {self.value()})" if self.random() < 0.6 else ""
        return f"(func {'async' if self.random() < 0.3 else ''} {params} {result})"

    def options(self, *, is_lift: bool) -> str:
        chosen = [self.choice(_ENCODINGS)]
        has_memory = self.random() < 0.7
        if has_memory:
            chosen.append("(memory $memory)")
        if self.random() < (0.7 if has_memory else 0.05):
            chosen.append("(realloc $realloc)")
        if self.random() < 0.25:
            chosen.append("async")
            if self.random() < (0.7 if is_lift else 0.05):
                chosen.append("(callback $callback)")
        elif self.random() < 0.1:
            chosen.append(f"(post-return ${self.choice(['post', 'none'])})")
        return " ".join(chosen)


def component(body: str, func: str) -> str:
    return f"""(component
      (import "store" (type $store (sub resource)))
      (type $r (record (field "a" string) (field "b" u64))) (import "record" (type $record (eq $r)))
      (type $c (enum "red" "green")) (import "colour" (type $colour (eq $c)))
      (type $f (flags "read" "write")) (import "rights" (type $rights (eq $f)))
      (type $func {func})
      (core module $libc (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) unreachable)
        (func (export "callback") (param i32 i32 i32) (result i32) unreachable)
        (func (export "post") (param i32)) (func (export "none")))
      (core instance $libc (instantiate $libc))
      (alias core export $libc "memory" (core memory $memory))
      (alias core export $libc "realloc" (core func $realloc))
      (alias core export $libc "callback" (core func $callback))
      (alias core export $libc "post" (core func $post))
      (alias core export $libc "none" (core func $none))
      {body})"""


def lowered(chance: Chance) -> str:
    core = f"(core func $core (canon lower (func $g) {chance.options(is_lift=False)}))"
    return component(f'(import "f" (func $g (type $func))) {core}', chance.func())


def lifted(chance: Chance, signature: str) -> str:
    params, _, results = ((" ".join(_CORE[letter] for letter in part)) for part in signature.partition(":"))
    body = f"""(core module $m (func (export "f") (param {params}) (result {results}) unreachable))
        (core instance $m (instantiate $m))
        (func $g (type $func) (canon lift (core func $m "f") {chance.options(is_lift=True)}))"""
    return component(body, chance.func())


def ours(text: str, folder: Path) -> str:
    """Our verdict: `valid` or the reason, after comparing it with that of wasm-tools."""
    binary = wat(text, folder / "c.wasm")
    theirs = reference("validate", "--features", "all", binary)
    try:
        validate(binary.read_bytes())
        found = "valid"
    except BadWasm as e:
        found = str(e)
    assert (found == "valid") == (theirs.returncode == 0), (text, found, theirs.stderr)
    return found


@pytest.mark.parametrize("seed", sampled(range(SEEDS)))
def test_a_lowered_function_gets_the_verdict_of_wasm_tools(seed: int, tmp_path: Path) -> None:
    ours(lowered(Chance(seed)), tmp_path)


@pytest.mark.parametrize("seed", sampled(range(SEEDS)))
def test_a_lifted_function_gets_the_verdict_of_wasm_tools(seed: int, tmp_path: Path) -> None:
    """First with a core function of a type that does not fit, then with the one that linking asks for."""
    found = ours(lifted(Chance(seed), "FIf:"), tmp_path)
    wanted = re.search(r"a lifted function needs a core function of the type (\S+),", found)
    if wanted is not None:
        assert "a lifted function needs" not in ours(lifted(Chance(seed), wanted[1]), tmp_path)
