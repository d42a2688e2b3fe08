"""Types that hold another type twice, which does so itself: work grows with the lines that define them.

Forty levels contain a million million parts: code that looked at each of them would not end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.runtime import guests
from witkit import Engine, abi
from witkit.abi.alike import alike, same_resources
from witkit.canonical.check import wit
from witkit.runtime import shapes
from witkit.runtime.codec.code import Code
from witkit.runtime.codec.lift import Lifting
from witkit.runtime.codec.lower import Lowering
from witkit.runtime.read_types import Shape
from witkit.runtime.reflect import FuncShape

_LEVELS = 40
FORMS: dict[str, tuple[Callable[[abi.Type], abi.Type], Callable[[Shape], Shape], str]] = {
    "tuple": (lambda t: abi.Tuple((t, t)), lambda s: ("tuple", (s, s)), "tuple<{0}, {0}>"),
    "result": (lambda t: abi.Result(t, t), lambda s: ("result", s, s), "result<{0}, {0}>"),
    "option": (
        lambda t: abi.Option(abi.Tuple((t, t))),
        lambda s: ("option", ("tuple", (s, s))),
        "option<tuple<{0}, {0}>>",
    ),
    "list": (lambda t: abi.List(abi.Tuple((t, t))), lambda s: ("list", ("tuple", (s, s))), "list<tuple<{0}, {0}>>"),
    "map": (lambda t: abi.Map(abi.STRING, abi.Tuple((t, t))), lambda s: ("map", "string", ("tuple", (s, s))), ""),
}


def _type(form: str) -> abi.Type:
    made: abi.Type = abi.STRING
    for _ in range(_LEVELS):
        made = FORMS[form][0](made)
    return made


def _shape(form: str) -> Shape:
    made: Shape = "string"
    for _ in range(_LEVELS):
        made = FORMS[form][1](made)
    return made


@pytest.mark.parametrize("form", FORMS)
def test_a_codec_has_each_type_once(form: str) -> None:
    code = Code()
    Lowering(code).function(_type(form))
    Lifting(code).function(_type(form))
    assert len(code.namespace) < 100 * _LEVELS


@pytest.mark.parametrize("form", FORMS)
def test_a_type_is_compared_with_what_a_component_states(form: str) -> None:
    type, shape = _type(form), _shape(form)
    func = abi.Func("f", "f", (abi.Param("a", type),), type)
    assert shapes.differs(func, FuncShape((("a", shape),), shape)) == ""
    assert "it returns" in shapes.differs(
        func, FuncShape((("a", shape),), _shape("result" if form != "result" else "map"))
    )
    assert shapes.resources(func, FuncShape((("a", shape),), shape)) == {}
    assert shapes.unsupported(shape) == ""


@pytest.mark.parametrize("form", FORMS)
def test_two_descriptions_of_a_type_are_compared(form: str) -> None:
    func, other = (abi.Func("f", "f", (), _type(form)) for _ in range(2))
    assert alike(func.result, other.result)
    assert not alike(func.result, abi.Tuple((other.result or abi.U8,)))
    one, two = abi.Interface("a:b/c", (func,)), abi.Interface("a:b/c", (other,))
    assert list(same_resources(one, two)) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_type_is_made_of_a_shape_and_named_in_messages(form: str) -> None:
    made = shapes.Builder(lambda number: abi.Resource("r", "R")).type(_shape(form))
    assert alike(made, _type(form))
    assert len(wit(made)) < 3000
    assert len(shapes.text(_shape(form))) < 3000


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


def test_types_with_resources_are_read_without_comparing_them() -> None:
    wit = """package t:r;
    interface i {
      resource r; resource s;
      record pair { a: r, b: list<s> }
      f: func(a: stream<r>, b: stream<s>, c: option<pair>) -> tuple<pair, future<r>, own<s>>;
      g: func(a: option<pair>, b: tuple<list<s>, option<list<s>>>) -> stream<r>;
    }
    world w { import i; export h: func(); }"""
    component = Engine().load(guests.dummy(wit))
    shapes_of = [component._reflection.function(True, "t:r/i", name) for name in ("f", "g")]
    assert shapes_of[0].params[2][1] is shapes_of[1].params[0][1]
    result = shapes_of[0].result
    assert result is not None
    assert [part[0] for part in result[1]] == ["record", "unsupported", "own"]
