"""Types that hold another type twice, which does so itself: work grows with the lines that define them.

Forty levels contain a million million parts: code that looked at each of them would not end.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.component_types import defined, func
from tests.runtime import guests
from witkit import Engine, abi
from witkit.abi.alike import alike
from witkit.canonical import fits
from witkit.canonical.check import wit
from witkit.canonical.described import Descriptions
from witkit.canonical.functions import export_codec, import_codec
from witkit.wasm import types
from witkit.wasm.plan import Options

_LEVELS = 40
FORMS: dict[str, tuple[Callable[[abi.Type], abi.Type], Callable[[types.ValType], types.Kind], str]] = {
    "tuple": (lambda t: abi.Tuple((t, t)), lambda s: types.Tuple((s, s)), "tuple<{0}, {0}>"),
    "result": (lambda t: abi.Result(t, t), lambda s: types.Result(s, s), "result<{0}, {0}>"),
    "option": (
        lambda t: abi.Option(abi.Tuple((t, t))),
        lambda s: types.Option(defined(types.Tuple((s, s)))),
        "option<tuple<{0}, {0}>>",
    ),
    "list": (
        lambda t: abi.List(abi.Tuple((t, t))),
        lambda s: types.List(defined(types.Tuple((s, s)))),
        "list<tuple<{0}, {0}>>",
    ),
    "map": (
        lambda t: abi.Map(abi.STRING, abi.Tuple((t, t))),
        lambda s: types.Map("string", defined(types.Tuple((s, s)))),
        "",
    ),
}


def _type(form: str) -> abi.Type:
    made: abi.Type = abi.STRING
    for _ in range(_LEVELS):
        made = FORMS[form][0](made)
    return made


def _stated(form: str) -> types.Defined:
    made: types.ValType = "string"
    for _ in range(_LEVELS):
        made = defined(FORMS[form][1](made))
    assert isinstance(made, types.Defined)
    return made


@pytest.mark.parametrize("form", FORMS)
def test_a_codec_has_each_type_once(form: str) -> None:
    func = abi.Func("f", "f", (abi.Param("a", _type(form)),), _type(form))
    started = time.process_time()
    export_codec(func, Options())
    import_codec(func, Options())
    assert time.process_time() - started < 60, "each of the parts would take years"


@pytest.mark.parametrize("form", FORMS)
def test_a_type_is_compared_with_what_a_component_states(form: str) -> None:
    type, stated = _type(form), _stated(form)
    described = abi.Func("f", "f", (abi.Param("a", type),), type)
    assert fits.differs(described, func([("a", stated)], stated)) == ""
    other = _stated("result" if form != "result" else "map")
    assert "it returns" in fits.differs(described, func([("a", stated)], other))
    assert fits.resources(described, func([("a", stated)], stated)) == {}
    assert fits.uncarried(func([("a", stated)], stated)) == ""


@pytest.mark.parametrize("form", FORMS)
def test_two_descriptions_of_a_type_are_compared(form: str) -> None:
    one, other = (abi.Func("f", "f", (), _type(form)) for _ in range(2))
    assert alike(one.result, other.result)
    assert not alike(one.result, abi.Tuple((other.result or abi.U8,)))


@pytest.mark.parametrize("form", FORMS)
def test_a_type_is_described_and_named_in_messages(form: str) -> None:
    made = Descriptions(lambda resource: abi.Resource("r", "R")).type(_stated(form))
    assert alike(made, _type(form))
    assert len(wit(made)) < 3000
    assert len(fits.text(_stated(form))) < 3000


_ECHO = f"""(module {guests.REALLOC}
  (func (export "echo") (param i32 i32) (result i32)
    (i32.store (i32.const 64) (local.get 0)) (i32.store (i32.const 68) (local.get 1)) (i32.const 64)))"""
_VALUES: dict[str, Callable[[Any], Any]] = {
    "tuple": lambda value: (value, value),
    "result": lambda value: abi.Err(value) if isinstance(value, abi.Ok) else abi.Ok(value),
    "option": lambda value: (value, None if isinstance(value, tuple) else value),
    "list": lambda value: [(value, value), (value, value)] if isinstance(value, str) else [(value, [])],
}


@pytest.mark.parametrize("form", _VALUES)
def test_values_of_such_types_come_back_as_they_went(engine: Engine, form: str) -> None:
    types = "\n".join(f"type t{n} = {FORMS[form][2].format(f't{n - 1}')};" for n in range(1, 9))
    text = f"package t:deep;\ninterface i {{ type t0 = string; {types} }}\n"
    text += "world w { use i.{t8}; export echo: func(a: list<t8>) -> list<t8>; }"
    value: Any = "x"
    for _ in range(8):
        value = _VALUES[form](value)
    with engine.load(guests.component(text, _ECHO)).instantiate() as instance:
        echo = instance.function(None, "echo")
        assert echo([value, value]) == [value, value]
        with pytest.raises(TypeError, match="expected"):
            echo([value, 3])


def test_a_type_that_functions_share_is_described_once() -> None:
    wit = """package t:r;
    interface i {
      resource r; resource s;
      record pair { a: r, b: list<s> }
      f: func(a: option<pair>) -> tuple<pair, own<s>>;
      g: func(a: option<pair>, b: tuple<list<s>, option<list<s>>>) -> list<pair>;
    }
    world w { import i; export h: func(); }"""
    f, g = Engine().load(guests.dummy(wit)).interface("t:r/i", imported=True).functions
    assert f.params[0].type is g.params[0].type
    assert isinstance(f.result, abi.Tuple)
    assert isinstance(g.result, abi.List)
    assert f.result.elements[0] is g.result.element


def test_what_cannot_cross_yet_is_found_wherever_it_is() -> None:
    part: types.ValType = defined(types.Stream("u8"))
    assert fits.uncarried(func([("a", "u8"), ("b", defined(types.List(part)))], None)) == "stream"
    assert fits.uncarried(func([("a", "u8")], defined(types.Future(None)))) == "future"
    assert fits.uncarried(func([("a", "error-context")], None)) == "error-context"
