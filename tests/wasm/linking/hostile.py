"""Components that nobody would write: small ones that ask for much work, and deep ones."""

from __future__ import annotations

from collections.abc import Callable


def instances(levels: int, copies: int) -> str:
    """Each component instantiates the one before, once or twice."""
    inner = "".join(
        f"(component $c{i} {f'(instance (instantiate $c{i - 1}))' * copies})" for i in range(1, levels)
    )  # fmt: skip
    return f"(component (component $c0) {inner} (instance (instantiate $c{levels - 1})))"


def destructors(levels: int) -> str:
    """Each resource is destroyed by dropping the one before."""
    resources = "".join(
        f"(core func $d{i} (canon resource.drop $r{i - 1})) (type $r{i} (resource (rep i32) (dtor (core func $d{i}))))"
        for i in range(1, levels)
    )
    return f'(component (type $r0 (resource (rep i32))) {resources} (export "r" (type $r{levels - 1})))'


def adapters(levels: int) -> str:
    """Each function is lifted from the core function that the one before is lowered to."""
    functions = "".join(
        f'(core func $c{i} (canon lower (func $f{i - 1}))) (func $f{i} (param "x" u32) (canon lift (core func $c{i})))'
        for i in range(1, levels)
    )
    return f'(component (import "f" (func $f0 (param "x" u32))) {functions} (export "g" (func $f{levels - 1})))'


def lists(levels: int) -> str:
    """Each type is a list of the one before, under a name of its own."""
    types = "".join(
        f'(type $t{i} (list $n{i - 1})) (export "t{i}" (type $n{i} (eq $t{i})))' for i in range(1, levels)
    )  # fmt: skip
    first = '(type $t0 (list u8)) (export "t0" (type $n0 (eq $t0)))'
    return f"""(component (import "i" (instance {first} {types}
        (export "f" (func (param "x" $n{levels - 1}))))))"""


def _bundles(levels: int) -> str:
    """Each instance has the one before twice."""
    return '(import "f" (func $f)) (instance $b0 (export "f" (func $f)))' + "".join(
        f'(instance $b{i} (export "a" (instance $b{i - 1})) (export "b" (instance $b{i - 1})))'
        for i in range(1, levels)
    )


def exported_bundles(levels: int) -> str:
    return f'(component {_bundles(levels)} (export "g" (instance $b{levels - 1})))'


def matched_bundles(levels: int) -> str:
    """An instance that is large if it is written out, compared with a type that is, too."""
    types = '(type $t0 (instance (export "f" (func))))' + "".join(
        f"""(type $t{i} (instance (export "a" (instance (type $t{i - 1}))) (export "b" (instance (type $t{i - 1})))))"""
        for i in range(1, levels)
    )
    return f"""(component {_bundles(levels)} (component $c {types} (import "i" (instance (type $t{levels - 1}))))
        (instance (instantiate $c (with "i" (instance $b{levels - 1})))))"""


def types_of_types(levels: int) -> str:
    """Types of instances must be the same in both directions, on each level."""
    types = '(type $t0 (instance (export "f" (func))))' + "".join(
        f'(type $t{i} (instance (export "a" (type (eq $t{i - 1})))))' for i in range(1, levels)
    )
    last = f"$t{levels - 1}"
    return f"""(component (component $c {types} (import "i" (type (eq {last})))) {types}
        (instance (instantiate $c (with "i" (type {last})))))"""


def many_arguments(count: int) -> str:
    """A core module with many imports, instantiated many times."""
    imports = "".join(f'(import "h" "f{i}" (func))' for i in range(count))
    exports = "".join(f'(export "f{i}" (func $f))' for i in range(count))
    many = '(core instance (instantiate $m (with "h" (instance $b))))' * count
    return f"""(component (core module $a (func (export "f"))) (core instance $a (instantiate $a))
        (alias core export $a "f" (core func $f)) (core instance $b {exports}) (core module $m {imports}) {many})"""


REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "instances-that-double": (lambda: instances(60, 2), "more than 10000 instances"),
    "deep-instances": (lambda: instances(1000, 1), "nest too deeply"),
    "deep-types": (lambda: lists(3000), "nest more than 100 levels deep"),
    "an-instance-that-doubles": (lambda: exported_bundles(60), "too many or too large"),
    "a-large-comparison": (lambda: matched_bundles(18), "too many or too large"),
    "a-comparison-that-doubles": (lambda: types_of_types(18), "too many or too large"),
    "many-arguments": (lambda: many_arguments(1500), "too many or too large"),
}
LINKED: dict[str, Callable[[], str]] = {
    "instances": lambda: instances(80, 1),
    "destructors": lambda: destructors(2000),
    "adapters": lambda: adapters(1000),
    "types": lambda: lists(90),
    "types-of-types": lambda: types_of_types(5),
}
