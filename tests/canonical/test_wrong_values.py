"""Values that do not fit: what is wrong is named with its path, and the function stays usable."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from tests.canonical import sorts
from tests.canonical.fake import ComponentInstance, Options, Thing, Tools, core
from tests.canonical.plain import Context
from tests.canonical.test_values import address_of
from witkit import abi
from witkit.canonical.errors import NotCarried
from witkit.canonical.functions import export_codec, import_codec

POINT = sorts.record(abi.S32, abi.STRING)
CHOICE = sorts.variant(None, abi.U32, abi.STRING)
RED, WIDE = sorts.enum(3), sorts.flags(3)


def taking(type: abi.Type, encoding: str = "utf8") -> Any:
    """An export `take(p: T)` of a guest that does nothing."""
    func = abi.Func("take", "take", (abi.Param("p", type),))
    return export_codec(func, Options(encoding))(
        ComponentInstance([]), Tools(Context(bytearray(1 << 16), encoding)), core(lambda address: None), None
    )


def giving(type: abi.Type, value: Any, *, raises: bool = False) -> None:
    """A guest calls the import `give() -> T`, whose implementation answers with the value, or raises it."""

    def target() -> Any:
        if isinstance(value, BaseException):
            raise value
        return value

    func = abi.Func("[static]shop.give", "give", (), type, "static", sorts.THING, raises)
    raw = bytearray(16 * 18)
    bound = import_codec(func, Options())(ComponentInstance([]), Tools(Context(bytearray(1 << 16))), target)
    raw[0:4] = (64).to_bytes(4, "little")
    bound(address_of(raw))


WRONG = [
    (abi.U32, -1, ValueError, "take(p): expected u32, got -1 (it holds 0 to 4294967295)"),
    (abi.S8, 128, ValueError, "take(p): expected s8, got 128 (it holds -128 to 127)"),
    (abi.S16, "1", TypeError, "take(p): expected s16, got '1'"),
    (abi.S64, 1.5, TypeError, "take(p): expected s64, got 1.5"),
    (abi.F32, 1e300, ValueError, "take(p): expected f32, got 1e+300, which is out of its range"),
    (abi.F64, "1.0", TypeError, "take(p): expected f64, got '1.0'"),
    (abi.BOOL, 1, TypeError, "take(p): expected bool, got 1"),
    (abi.CHAR, "ab", ValueError, "take(p): expected char, one character, got 'ab'"),
    (abi.CHAR, b"a", TypeError, "take(p): expected char, got b'a'"),
    (abi.CHAR, "\ud800", ValueError, "is a surrogate"),
    (abi.STRING, b"bytes", TypeError, "take(p): expected string, got b'bytes'"),
    (abi.STRING, "\udfff", ValueError, "is a surrogate"),
    (abi.List(abi.U8), [1, 2], TypeError, "take(p): expected list<u8>, given as bytes, got [1, 2]"),
    (abi.List(abi.U8), "text", TypeError, "take(p): expected list<u8>, given as bytes, got 'text'"),
    (abi.List(abi.U32), [1, -1], ValueError, "take(p)[1]: expected u32, got -1"),
    (abi.List(abi.U32), b"abcd", TypeError, "take(p): expected list<u32>, got b'abcd'"),
    (abi.List(abi.U32), 5, TypeError, "take(p): expected list<u32>, got 5"),
    (abi.List(abi.U16, 3), [1, 2], ValueError, "take(p): expected list<u16, 3>, 3 values, got 2"),
    (abi.List(abi.U8, 3), b"ab", ValueError, "take(p): expected list<u8, 3>, 3 values, got 2"),
    (abi.List(abi.List(abi.U8, 20)), [bytes(20), b"ab"], ValueError, "take(p)[1]: expected list<u8, 20>, 20 values"),
    (abi.List(abi.BOOL), [True, 1], TypeError, "take(p)[1]: expected bool, got 1"),
    (abi.List(abi.STRING), ["a", 1], TypeError, "take(p)[1]: expected string, got 1"),
    (abi.List(POINT), [POINT.cls(1, "a"), POINT.cls(1 << 31, "")], ValueError, "take(p)[1].f0: expected s32"),
    (POINT, None, TypeError, "take(p): expected made (Made), got None"),
    (CHOICE, "none", TypeError, "take(p): expected choice, one of C0, C1, C2; got 'none'"),
    (CHOICE, CHOICE.cases[1].cls(-1), ValueError, "take(p).value: expected u32, got -1"),
    (RED, "red", TypeError, "take(p): expected colour (Colour), got 'red'"),
    (WIDE, 1, TypeError, "take(p): expected marks (Marks), got 1"),
    (abi.Option(abi.Option(abi.U8)), 3, TypeError, "given as None or Some(…), got 3"),
    (abi.Option(abi.U8), 300, ValueError, "take(p): expected u8, got 300"),
    (abi.Result(abi.U32, abi.STRING), 3, TypeError, "given as Ok(…) or Err(…), got 3"),
    (abi.Result(abi.U32, abi.STRING), abi.Ok(-3), ValueError, "take(p).ok: expected u32, got -3"),
    (abi.Result(None, abi.STRING), abi.Ok(3), TypeError, "take(p).ok: expected None, this side has no value, got 3"),
    (abi.Tuple((abi.U8, abi.U8)), (1,), ValueError, "take(p): expected tuple<u8, u8>, 2 values, got 1"),
    (abi.Map(abi.STRING, abi.U32), {"a": -1}, ValueError, "take(p)['a']: expected u32, got -1"),
    (abi.Map(abi.STRING, abi.U32), [("a", 1)], TypeError, "take(p): expected map<string, u32>"),
    (abi.Own(sorts.THING), None, TypeError, "expected a thing resource, got NoneType"),
]


@pytest.mark.parametrize("encoding", ["utf8", "utf16", "latin1+utf16"])
@pytest.mark.parametrize(("type", "value", "error", "message"), WRONG)
def test_a_wrong_argument_is_named_with_its_path(
    type: abi.Type, value: Any, error: type[Exception], message: str, encoding: str
) -> None:
    call = taking(type, encoding)
    with pytest.raises(error) as caught:
        call(value)
    assert message in str(caught.value)
    assert caught.type is error


@pytest.mark.parametrize(("type", "value", "error", "message"), WRONG)
def test_a_wrong_result_is_named_with_its_path(
    type: abi.Type, value: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        giving(type, value)
    assert message.replace("take(p)", "shop.give() result") in str(caught.value)


def test_a_wrong_error_is_named_with_its_path() -> None:
    with pytest.raises(TypeError, match=r"^shop\.give\(\) error: expected string, got 3$"):
        giving(abi.Result(abi.U8, abi.STRING), abi.Err(3), raises=True)
    with pytest.raises(TypeError, match=r"^shop\.give\(\) error: expected None, there is no value, got 3$"):
        giving(abi.Result(abi.U8, None), abi.Err(3), raises=True)
    with pytest.raises(TypeError, match=r"^shop\.give\(\) result: expected None, there is no value, got 'x'$"):
        giving(abi.Result(None, None), "x", raises=True)


def test_what_the_implementation_raises_comes_out_as_it_is() -> None:
    problem = UnicodeDecodeError("utf-8", b"", 0, 1, "of the host's")
    with pytest.raises(UnicodeDecodeError) as caught:
        giving(abi.STRING, problem)
    assert caught.value is problem


def test_an_object_to_await_is_refused() -> None:
    async def later() -> str:
        return "x"

    with pytest.raises(
        TypeError, match=r"returned an object to await \(coroutine\), but the import is not an `async f"
    ):
        giving(abi.STRING, later())


def test_a_refused_value_leaves_the_function_usable() -> None:
    call = taking(abi.List(abi.STRING))
    with pytest.raises(TypeError):
        call(["a", 1])
    call(["a", "b"])


def test_a_list_that_lies_about_its_length_is_refused() -> None:
    class Liar(list[Any]):
        def __len__(self) -> int:
            return 1

    for element in (abi.U32, abi.STRING, POINT):
        with pytest.raises(ValueError, match=r"^(take: pack expected|the length of a list is not what it says)"):
            taking(abi.List(element))(Liar())


def test_buffers_of_another_format_are_refused() -> None:
    with pytest.raises(TypeError, match=r"expected list<f64>, got <memory"):
        taking(abi.List(abi.F64))(memoryview(array("f", [1.0])))


def test_handles_are_taken_where_they_are_expected() -> None:
    taking(abi.List(abi.Own(sorts.THING)))([Thing(1), Thing(2)])


@pytest.mark.parametrize("name", ["stream<u8>", "future", "error-context"])
def test_a_function_with_types_that_are_not_carried_says_so_when_it_is_called(name: str) -> None:
    with pytest.raises(NotCarried, match=rf"^`take` cannot be called: values of type {name} are not carried yet$"):
        taking(abi.List(abi.Unsupported(name)))([1])


ITEM = sorts.record(abi.STRING, abi.U8, abi.Own(sorts.THING))
LATE: dict[str, tuple[abi.Type, Any, Any]] = {
    "a number after texts": (abi.List(POINT), [POINT.cls(1, "a")] * 500, POINT.cls(1 << 31, "b")),
    "a text after lists": (abi.List(abi.List(abi.STRING)), [["a", "b"]] * 500, ["a", 1]),
    "a case after other cases": (abi.List(CHOICE), [CHOICE.cases[2].cls("a")] * 500, "none"),
    "a handle after texts": (abi.List(ITEM), [ITEM.cls("a", 1, Thing(1))] * 500, ITEM.cls("b", 1, None)),
    "a value of a map": (abi.Map(abi.STRING, abi.List(abi.U8)), {str(i): b"x" for i in range(500)}, 3),
    "a length in a fixed-length list": (abi.List(abi.List(abi.STRING, 3)), [["a", "b", "c"]] * 500, ["a", "b"]),
    "a parameter of many": (abi.Tuple((*[abi.STRING] * 10, abi.U8)), [*["a"] * 10, 5], 300),
}


@pytest.mark.parametrize("encoding", ["utf8", "utf16", "latin1+utf16"])
@pytest.mark.parametrize("case", LATE)
def test_only_the_first_wrong_value_of_a_function_leaves_blocks_in_the_guest(case: str, encoding: str) -> None:
    type, right, last = LATE[case]
    wrong = {**right, "last": last} if isinstance(right, dict) else [*right[:-1], last]
    tools, inst, calls = Tools(Context(bytearray(1 << 20), encoding)), ComponentInstance([]), list[int]()
    func = abi.Func("take", "take", (abi.Param("before", abi.STRING), abi.Param("p", type)))
    call = export_codec(func, Options(encoding))(inst, tools, core(calls.append), None)
    problems, tops = set[str](), list[int]()
    for _ in range(5):
        with pytest.raises((TypeError, ValueError)) as caught:
            call("before", wrong)
        problems.add(str(caught.value))
        tops.append(tools.context.top)
    assert len(problems) == 1
    assert len(set(tops)) == 1
    assert calls == []
    call("before", right)
    assert len(calls) == 1
    assert tools.context.top > tops[0]
    assert inst.log.count("end True") == ("begin" in inst.log)


def test_what_lies_about_its_length_is_refused_before_the_guest_is_asked_again() -> None:
    class Liar(list[Any]):
        def __len__(self) -> int:
            return 1

    tools = Tools(Context(bytearray(1 << 16)))
    func = abi.Func("take", "take", (abi.Param("p", abi.List(POINT)),))
    call, tops = (
        export_codec(func, Options())(ComponentInstance([]), tools, core(lambda address: None), None),
        set[int](),
    )
    for _ in range(3):
        with pytest.raises(ValueError, match=r"^the length of a list is not what it says"):
            call(Liar([POINT.cls(1, "a")] * 2))
        tops.add(tools.context.top)
    assert len(tops) == 1
