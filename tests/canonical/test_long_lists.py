"""Long lists with strings through real guests, before and after there is an instance that collects the strings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.canonical import sorts
from tests.canonical.relays import relay
from tests.canonical.test_guests import Host
from tests.runtime.guests import REALLOC, component
from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.runtime import Engine, Trap
from witkit.runtime.cache import Cache
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.gathering import Gatherer
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.wasm.plan import Lift

COUNT = 200
TEXTS: dict[str, Callable[[int], str]] = {
    "ascii": lambda i: "x" * (i % 30),
    "of any script": lambda i: "aé👩"[i % 3] * (i % 12),
    "with zeros": lambda i: "\0" * (i % 3),
    "long": lambda i: f"{i}" * (2000 if i % 100 == 0 else 1),
}
INNER = sorts.record(abi.U16, abi.STRING)
TYPES: dict[str, abi.Type] = {
    "strings": abi.List(abi.STRING),
    "records": abi.List(sorts.record(abi.S32, abi.F64, abi.STRING, abi.BOOL)),
    "records in records": abi.List(sorts.record(abi.STRING, INNER, abi.CHAR)),
    "tuples with options": abi.List(abi.Tuple((abi.STRING, abi.Option(abi.U8), abi.STRING))),
    "maps": abi.Map(abi.STRING, abi.U32),
}


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    return Modules(Mode(fuel=False), Cache(tmp_path_factory.mktemp("modules")))


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether strings were collected, for each list."""
    found: list[bool] = []
    gather = Gatherer.__call__

    def noted(self: Gatherer, *arguments: Any) -> bytes | None:
        made = gather(self, *arguments)
        found.append(made is not None)
        return made

    monkeypatch.setattr(Gatherer, "__call__", noted)
    return found


def value(type: abi.Type, number: int, text: str) -> Any:
    """The value with this number, whose strings are this text."""
    match type:
        case abi.Map():
            return {f"{i}{text}": i for i in range(COUNT)}
        case abi.List(element=element):
            return [value(element, i, TEXTS[text](i)) for i in range(COUNT)]
        case abi.Record():
            return type.cls(*(value(f.type, number, text) for f in type.fields))
        case abi.Tuple():
            return tuple(value(t, number, text) for t in type.elements)
        case abi.Option():
            return None if number % 2 else number % 200
    plain = {"string": text, "bool": number % 3 == 0, "char": chr(0x10FF00 + number % 200), "f64": number / 4}
    return plain.get(type.name, number)  # type: ignore[union-attr]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", TYPES)
def test_long_lists_come_back_as_they_were(
    name: str, text: str, modules: Modules, tmp_path: Path, gathered: list[bool]
) -> None:
    func = abi.Func("f", "f", (abi.Param("p0", TYPES[name]),), TYPES[name])
    linked, descriptions = Linked.of(relay([func], tmp_path, "utf8")), Descriptions(lambda _: sorts.THING)
    host = Host(descriptions)
    instance = CoreInstance(Blueprint(linked, modules), host)
    try:
        lift = linked.plan.exports["g0"]
        assert isinstance(lift, Lift)
        func = descriptions.func(lift.type, "g0")
        call = instance.export(lift, func)
        assert func.result is not None
        given, host.answer = (value(type, 0, text) for type in (func.params[0].type, func.result))
        for _ in range(3):
            assert call(given) == host.answer
        assert host.given == [[given]] * 3
    finally:
        instance.close()
    assert gathered[0] is False, "few strings are not worth an instance"
    assert gathered[-1] is True


LYING = f"""(module {REALLOC}
  ;; 600 strings of 5 bytes at 512, of which the last one has another pointer and another first byte.
  (func (export "give") (param $pointer i32) (param $byte i32) (result i32) (local $i i32)
    (i64.store (i32.const 512) (i64.const 0x6161616161616161))
    (i64.store (i32.const 768) (i64.const 0x6161616161616161))
    (i32.store8 (i32.const 772) (local.get $byte))
    (loop $next
      (i32.store (i32.add (i32.const 8192) (i32.shl (local.get $i) (i32.const 3))) (i32.const 512))
      (i32.store offset=4 (i32.add (i32.const 8192) (i32.shl (local.get $i) (i32.const 3))) (i32.const 5))
      (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 600))))
    (i32.store offset=4792 (i32.const 8192) (local.get $pointer))
    (i32.store (i32.const 64) (i32.const 8192))
    (i32.store (i32.const 68) (i32.const 600))
    (i32.const 64)))"""


@pytest.mark.parametrize(
    ("pointer", "byte", "reason"),
    [
        (131_068, 97, "pointer/length out of bounds of memory"),
        (0xFFFFFFFF, 97, "pointer/length out of bounds of memory"),
        (768, 0xFF, "invalid utf-8 in a string"), (768, 0xC3, "incomplete utf-8 byte sequence"),
    ],
)  # fmt: skip
def test_an_invalid_string_stops_the_guest(pointer: int, byte: int, reason: str, gathered: list[bool]) -> None:
    wit = "package t:r; world w { export give: func(pointer: u32, byte: u32) -> list<string>; }"
    with Engine(cache=False).load(component(wit, LYING)).instantiate() as instance:
        give = instance.function(None, "give")
        assert [give(768, 0x62), give(131_067, 0x62)] == [["aaaaa"] * 599 + ["aaaab"], ["aaaaa"] * 599 + ["\0" * 5]]
        assert gathered == [True, True]
        with pytest.raises(Trap, match=reason):
            give(pointer, byte)
