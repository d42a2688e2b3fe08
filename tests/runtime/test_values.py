"""Values on their way: every type there and back, in both directions, and refused if they are wrong."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.canonical.sorts import values
from tests.runtime import guests
from tests.sampled import examples
from witkit import abi
from witkit.canonical.check import explain, wit
from witkit.runtime import Engine, Instance, InstanceError, UntypedComponent


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(guests.lists())


@pytest.fixture(scope="module")
def instance(component: UntypedComponent) -> Iterator[Instance]:
    class Same:
        def __getattr__(self, name: str) -> Any:
            if name.startswith("f_"):
                return lambda value: value
            raise AttributeError(name)

    with component.instantiate({"t:b/h": Same()}) as made:
        yield made


def element(component: UntypedComponent, key: str) -> abi.Type:
    """The list type that the guest's function for `key` takes."""
    return next(f for f in component.interface("").functions if f.name == f"echo-{key}").params[0].type


@pytest.mark.parametrize("key", guests.ELEMENTS)
def test_every_value_comes_back_as_it_went(component: UntypedComponent, instance: Instance, key: str) -> None:
    echo, via = instance.function(None, f"echo-{key}"), instance.function(None, f"via-{key}")

    @settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
    @given(values(element(component, key)))
    def there_and_back(value: Any) -> None:
        assert echo(value) == value
        assert via(value) == value

    there_and_back()


@pytest.mark.parametrize("key", "abcdefghij")
def test_a_long_list_of_numbers_comes_back_as_it_went(instance: Instance, key: str) -> None:
    numbers: Any = [n % 100 for n in range(1000)]
    given = bytes(numbers) if key == "a" else numbers
    assert instance.function(None, f"echo-{key}")(given) == given
    assert instance.function(None, f"via-{key}")(given) == given


@pytest.mark.parametrize("length", [1, 100])
@pytest.mark.parametrize(("key", "wrong"), [("b", 128), ("c", -1), ("e", 1 << 32), ("h", 1 << 63), ("i", 1e300)])
def test_a_number_out_of_range_is_found_in_a_list(instance: Instance, key: str, wrong: float, length: int) -> None:
    numbers = [0] * length + [wrong]
    with pytest.raises(ValueError, match=rf"p\)\[{length}\]: expected .*, got "):
        instance.function(None, f"echo-{key}")(numbers)
    with pytest.raises(ValueError, match=rf"\[{length}\]: expected .*, got "):
        instance.function(None, f"echo-{key}")(tuple(numbers))


class Changing:
    """Answers differently each time it is asked, and has something for every question."""

    def __init__(self) -> None:
        self.asked = 0

    def __index__(self) -> int:
        self.asked += 1
        return 300 if self.asked % 2 else -1

    def __len__(self) -> int:
        return 3

    def __iter__(self) -> Iterator[int]:
        return iter([1, 2])

    def encode(self) -> bytes:
        return b"\xff"


class LyingText(str):
    def __len__(self) -> int:
        return 99


class LyingBytes(bytes):
    def __len__(self) -> int:
        return 3


SIMPLE = st.one_of(
    st.none(), st.booleans(), st.integers(-(1 << 65), 1 << 65), st.floats(), st.text(max_size=3), st.binary(max_size=3),
    st.builds(lambda: memoryview(b"abcd")[::2]), st.builds(lambda: memoryview(b"abcdefgh").cast("I")),
    st.builds(bytearray, st.binary(max_size=3)), st.sampled_from([int, object()]),
    st.sampled_from([LyingText("short"), LyingBytes(b"abcdef")]), st.builds(Changing),
)  # fmt: skip
ANYTHING = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=2),
        st.builds(abi.Ok, inner),
        st.builds(abi.Err, inner),
        st.builds(abi.Some, inner),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("key", guests.ELEMENTS)
def test_any_object_is_taken_or_refused_and_nothing_ends_the_process(instance: Instance, key: str) -> None:
    echo = instance.function(None, f"echo-{key}")

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(ANYTHING | st.lists(ANYTHING, min_size=1, max_size=3))
    def taken_or_refused(value: Any) -> None:
        with suppress(TypeError, ValueError):
            echo(value)
        assert not instance.closed

    taken_or_refused()


def test_nan_and_infinities_survive(instance: Instance) -> None:
    result = instance.function(None, "via-j")([math.nan, math.inf, -math.inf, -0.0])
    assert math.isnan(result[0])
    assert result[1:3] == [math.inf, -math.inf]
    assert struct.pack("d", result[3]) == struct.pack("d", -0.0)


def test_empty_lists_of_every_type_come_back(component: UntypedComponent, instance: Instance) -> None:
    for key in guests.ELEMENTS:
        empty: Any = b"" if wit(element(component, key)) == "list<u8>" else []
        assert instance.function(None, f"via-{key}")(empty) == empty


@pytest.mark.parametrize(
    ("key", "value", "error", "message"),
    [
        ("e", [1, 2, -1], ValueError, "echo-e(p)[2]: expected u32, got -1 (it holds 0 to 4294967295)"),
        ("e", [1 << 32], ValueError, "echo-e(p)[0]: expected u32, got 4294967296"),
        ("e", ["1"], TypeError, "echo-e(p)[0]: expected u32, got '1'"),
        ("e", [1.5], TypeError, "echo-e(p)[0]: expected u32, got 1.5"),
        ("e", b"abcd", TypeError, "echo-e(p): expected list<u32>, got b'abcd'"),
        ("e", 5, TypeError, "echo-e(p): expected list<u32>, got 5"),
        ("b", [128], ValueError, "echo-b(p)[0]: expected s8, got 128 (it holds -128 to 127)"),
        ("a", [1, 2], TypeError, "echo-a(p): expected list<u8>, given as bytes, got [1, 2]"),
        ("a", "text", TypeError, "echo-a(p): expected list<u8>, given as bytes, got 'text'"),
        ("k", [True, 1], TypeError, "echo-k(p)[1]: expected bool, got 1"),
        ("l", ["ab"], ValueError, "echo-l(p)[0]: expected char, one character, got 'ab'"),
        ("l", ["\ud800"], ValueError, "is a surrogate"),
        ("m", ["fine", "\udfff"], ValueError, "echo-m(p)[1]: expected string"),
        ("m", [b"bytes"], TypeError, "echo-m(p)[0]: expected string, got b'bytes'"),
        ("j", ["1.0"], TypeError, "echo-j(p)[0]: expected f64, got '1.0'"),
        ("n", [None], TypeError, "echo-n(p)[0]: expected record"),
        ("o", ["none"], TypeError, "echo-o(p)[0]: expected variant, one of None, Num, Text, Many, Deep; got 'none'"),
        ("p", [1], TypeError, "echo-p(p)[0]: expected flags (Flags), got 1"),
        ("q", ["red"], TypeError, "echo-q(p)[0]: expected enum (Enum), got 'red'"),
        ("s", ["x"], TypeError, "expected option<option<string>>, given as None or Some(…), got 'x'"),
        ("s", [abi.Some(3)], TypeError, "echo-s(p)[0]: expected string, got 3"),
        ("t", [3], TypeError, "expected result<u32, variant>, given as Ok(…) or Err(…), got 3"),
        ("t", [abi.Ok(-3)], ValueError, "echo-t(p)[0].ok: expected u32, got -3"),
        ("u", [abi.Ok(3)], TypeError, "echo-u(p)[0].ok: expected None, this side has no value, got 3"),
        ("v", [(1,)], ValueError, "echo-v(p)[0]: expected tuple<u32, string>, 2 values, got 1"),
        ("v", [(1, 2)], TypeError, "echo-v(p)[0][1]: expected string, got 2"),
        ("ab", [{"a": -1}], ValueError, "echo-ab(p)[0]['a']: expected u32, got -1"),
        ("ab", [[("a", 1)]], TypeError, "echo-ab(p)[0]: expected map<string, u32>"),
    ],
)
def test_a_wrong_value_is_named_with_its_path(
    instance: Instance, key: str, value: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        instance.function(None, f"echo-{key}")(value)
    assert message in str(caught.value)
    assert type(caught.value) is error


def test_a_case_of_another_package_is_named_with_its_module() -> None:
    ours, theirs = (type("Full", (), {"__module__": module}) for module in ("shop.store", "witkit.interfaces.store"))
    variant = abi.Variant("store-error", (abi.Case("full", ours),))
    with pytest.raises(TypeError, match=r"of the module `witkit\.interfaces\.store`, not of `shop\.store`$"):
        explain(variant, theirs(), "get() error")


def test_a_wrong_field_is_named_with_its_path(component: UntypedComponent, instance: Instance) -> None:
    type = element(component, "n")
    assert isinstance(type, abi.List)
    assert isinstance(type.element, abi.Record)
    point = type.element.cls
    with pytest.raises(ValueError, match=r"echo-n\(p\)\[1\]\.x: expected s32, got 2147483648"):
        instance.function(None, "echo-n")([point(1, 1.0, "", True), point(1 << 31, 1.0, "", True)])


def test_a_refused_value_leaves_the_instance_usable(instance: Instance) -> None:
    echo = instance.function(None, "echo-m")
    with pytest.raises(TypeError):
        echo(["a", 1])
    assert echo(["a", "b"]) == ["a", "b"]


def test_too_few_arguments_are_a_type_error(instance: Instance) -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument"):
        instance.function(None, "echo-m")()


def test_a_str_subclass_cannot_smuggle_bytes_past_the_check(instance: Instance) -> None:
    class Liar(str):
        def encode(self, *_: object) -> bytes:
            return b"\xff\xfe"

    assert instance.function(None, "echo-m")([Liar("honest")]) == ["honest"]


def test_a_value_cannot_call_the_guest_that_it_is_on_its_way_to(instance: Instance) -> None:
    echo = instance.function(None, "echo-v")

    class Nosy:
        def __index__(self) -> int:
            assert echo([(7, "inner" * 50)]) == [(7, "inner" * 50)]
            return 3

    with pytest.raises(InstanceError, match="a value that is on its way to or from the guest calls it"):
        echo([(Nosy(), "outer" * 50)])
    assert echo([(3, "outer" * 50)]) == [(3, "outer" * 50)]


def test_any_number_of_elements_crosses(engine: Engine) -> None:
    component = engine.load(guests.behaviour())
    with component.instantiate(optional=["t:behave/host"]) as instance:
        assert len(instance.function(None, "bytes")(100_000_000)) == 100_000_000
