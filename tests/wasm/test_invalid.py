"""Types of components that are not valid are refused by all that reads components, not only when they run."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from tests.wasm.encoding import wat
from witkit.ir.decode.binary import decode
from witkit.wasm.cursor import BadWasm

INVALID = {
    "a-name-in-two-cases": ('(import "a" (func)) (import "A" (func))', "too similar to `a`"),
    "a-method-without-self": (
        '(import "r" (type (sub resource))) (import "[method]r.m" (func))',
        "it has no `self` of its resource",
    ),
    "a-constructor-of-another-resource": (
        '(import "r" (type $r (sub resource))) (import "[constructor]q" (func (result (own $r))))',
        "does not have the name `q` here",
    ),
    "a-function-of-an-unknown-resource": ('(import "[static]r.s" (func))', "is a function of an unknown resource"),
    "an-async-constructor": (
        '(import "r" (type $r (sub resource))) (import "[constructor]r" (func async (result (own $r))))',
        "`[constructor]r` cannot be async",
    ),
    "a-place-of-code-that-is-exported": (
        '(import "f" (func $f)) (export "url=<>" (func $f))',
        "only a name for imports",
    ),
    "a-range-of-versions-that-is-none": ('(import "unlocked-dep=<a:b@{1.2.3}>" (func))', "is not a valid name"),
    "an-alias-of-a-function-in-a-type": (
        """(type (component (import "x" (instance $i (export "f" (func)))) (alias export $i "f" (func))))""",
        "of neither a type nor an instance",
    ),
    "a-label-that-implements-no-interface": (
        '(import "main" (implements "main") (instance))',
        "does not name an interface",
    ),
    "a-type-without-a-name": (
        '(type $r (record (field "a" u8))) (import "f" (func (param "r" $r)))',
        "uses a type that is neither imported nor exported by a name before",
    ),
    "another-resource": (
        """(import "a" (type $a (sub resource))) (import "b" (type $b (sub resource)))
        (component $c (import "x" (type $x (sub resource))) (import "y" (type (eq $x))))
        (instance (instantiate $c (with "x" (type $a)) (with "y" (type $b))))""",
        "`y` is another resource than the one that is wanted",
    ),
    "another-parameter": (
        """(import "f" (func $f (param "x" u32)))
        (component $c (import "g" (func (param "x" (list u8)))))
        (instance (instantiate $c (with "g" (func $f))))""",
        "`g` has the type u32 where list is wanted",
    ),
    "an-instance-that-lacks-a-function": (
        """(import "i" (instance $i (export "f" (func))))
        (component $c (import "i" (instance (export "f" (func)) (export "g" (func)))))
        (instance (instantiate $c (with "i" (instance $i))))""",
        "`i` lacks the export `g`",
    ),
    "a-resource-from-outside": (
        """(type $r (resource (rep i32))) (component (import "f" (func (param "x" (own $r)))))""",
        "an outer type that refers to a resource",
    ),
    "a-value-that-is-too-large": ("(type (list u64 33554432))", "takes 268435456 bytes"),
    "a-result-that-is-lent": (
        '(import "r" (type $r (sub resource))) (type (func (result (list (borrow $r)))))',
        "cannot contain borrowed handles",
    ),
    "a-resource-of-a-type": ("(type (component (type (resource (rep i32)))))", "which only a component can"),
}


@pytest.mark.parametrize("name", INVALID)
def test_types_that_are_not_valid_are_refused_with_their_place(name: str, tmp_path: Path) -> None:
    source, message = INVALID[name]
    data = wat(f"(component {source})", tmp_path / "c.wasm").read_bytes()
    with pytest.raises(BadWasm) as caught:
        decode(BytesIO(data))
    assert message in caught.value.message
    assert 8 <= caught.value.offset < len(data)
