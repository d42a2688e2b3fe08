"""Components that export what they import: such a function calls the host's, with the checks of both sides."""

from __future__ import annotations

from typing import Any

import pytest

from witkit import abi
from witkit.canonical.errors import NotCarried
from witkit.runtime import Engine, Instance

MANY = " ".join(f'(param "p{n}" u32)' for n in range(20))
PASSING = f"""(component
  (import "t:t/h" (instance $h
    (export "r" (type $r (sub resource)))
    (export "add" (func (param "x" u32) (param "y" u32) (result u32)))
    (export "nothing" (func))
    (export "text" (func (param "x" (list (tuple string u8))) (result (list string))))
    (export "many" (func {MANY} (result u32)))
    (export "half" (func (param "x" u32) (result (result u32 (error string)))))
    (export "[constructor]r" (func (param "x" u32) (result (own $r))))
    (export "[method]r.look" (func (param "self" (borrow $r)) (result u32)))
    (export "eat" (func (param "x" (own $r)) (result u32)))
    (export "later" (func async (result u32)))))
  (core module $m (func (export "own") (result i32) (i32.const 3)))
  (core instance $m (instantiate $m))
  (func (export "own") (result u32) (canon lift (core func $m "own")))
  (alias export $h "add" (func $add))
  (export "add" (func $add))
  (export "t:t/again" (instance $h)))"""


class R:
    def __init__(self, x: int) -> None:
        self.x = x


class Host:
    r = R

    def __init__(self) -> None:
        self.again: Any = None

    def look(self, thing: R) -> int:
        return thing.x

    def add(self, x: int, y: int) -> int:
        return x + y if self.again is None else int(self.again(x, y))

    def nothing(self) -> None:
        return None

    def text(self, x: list[tuple[str, int]]) -> list[str]:
        return [part * times for part, times in x]

    def many(self, *numbers: int) -> int:
        return sum(numbers)

    def half(self, x: int) -> Any:
        if x % 2:
            raise abi.Err(f"{x} is odd")
        return x // 2 if x < 100 else "much"

    def eat(self, x: R) -> int:
        return x.x

    async def later(self) -> int:
        return 1


@pytest.fixture
def host() -> Host:
    return Host()


@pytest.fixture
def made(host: Host) -> Instance:
    return Engine(cache=False).load(PASSING.encode()).instantiate({"t:t/h": host})


def call(made: Instance, name: str, *values: Any) -> Any:
    return made.function("t:t/again", name)(*values)


def test_the_host_is_called_with_the_values(made: Instance) -> None:
    assert made.function(None, "add")(2, 3) == 5
    assert call(made, "add", 2, 3) == 5
    assert call(made, "nothing") is None
    assert call(made, "text", [("tea", 2), ("ä", 3)]) == ["teatea", "äää"]
    assert call(made, "text", [("x" * 300, 200)] * 100) == ["x" * 60_000] * 100
    assert call(made, "many", *range(20)) == 190
    assert made.function(None, "own")() == 3


def test_both_sides_are_checked(made: Instance) -> None:
    with pytest.raises(ValueError, match=r"add\(y\): expected u32, got -3"):
        call(made, "add", 2, -3)
    with pytest.raises(ValueError, match=r"add\(\) result: expected u32, got 8589934590"):
        call(made, "add", 0xFFFFFFFF, 0xFFFFFFFF)
    with pytest.raises(TypeError, match=r"half\(\) result: expected u32, got 'much'"):
        call(made, "half", 100)
    assert call(made, "add", 2, 3) == 5


def test_errors_are_raised_as_the_host_raises_them(made: Instance) -> None:
    assert call(made, "half", 8) == 4
    with pytest.raises(abi.Err) as caught:
        call(made, "half", 7)
    assert caught.value.value == "7 is odd"


def test_what_the_host_raises_comes_out_and_the_instance_stays_open(made: Instance, host: Host) -> None:
    def fail(x: int, y: int) -> int:
        raise KeyError(x)

    host.again = fail
    with pytest.raises(KeyError):
        call(made, "add", 2, 3)
    host.again = None
    assert call(made, "add", 2, 3) == 5


def test_calls_can_be_nested(made: Instance, host: Host) -> None:
    function = made.function("t:t/again", "add")

    def again(x: int, y: int) -> int:
        return int(function(x - 1, y + 1)) if x else y

    host.again = again
    assert function(5, 1) == 6


def test_objects_of_the_host_pass(made: Instance) -> None:
    thing = call(made, "[constructor]r", 7)
    assert isinstance(thing, R)
    assert [call(made, "[method]r.look", thing) for _ in range(3)] == [7, 7, 7]
    assert call(made, "eat", thing) == 7
    with pytest.raises(TypeError, match="expected a r resource, got NoneType"):
        call(made, "eat", None)


def test_a_function_that_is_awaited_says_that_it_cannot_be_called(made: Instance) -> None:
    with pytest.raises(NotCarried, match="the component exports an `async func` that it imports"):
        call(made, "later")
