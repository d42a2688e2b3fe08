"""Random values of random types against the specification: memory and core values are the same byte for byte."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.canonical import plain, sorts
from tests.canonical.fake import ComponentInstance, Options, Tools, core, read_raw, write_raw
from tests.canonical.plain import Context
from tests.sampled import examples
from witkit import abi
from witkit.canonical import lift
from witkit.canonical.functions import export_codec, import_codec, inner_codec

SIZE = 1 << 16
RETURN = 256
"""Where a guest of the tests wants results."""
ENCODINGS = ["utf8", "utf16", "latin1+utf16"]


@st.composite
def calls(draw: st.DrawFn, *handles: abi.Type) -> tuple[abi.Func, list[Any], Any]:
    """A function, arguments for it, and a result."""
    params = draw(st.lists(sorts.types(*handles), max_size=4))
    # The very same type may be that of a parameter and of the result.
    result = draw(st.none() | sorts.types(*handles) | st.sampled_from([None, *params]))
    func = abi.Func(
        "f", "f", tuple(abi.Param(f"p{i}", t) for i, t in enumerate(params)), result,
        raises=draw(st.booleans()) and isinstance(result, abi.Result),
    )  # fmt: skip
    return func, [draw(sorts.values(t)) for t in params], None if result is None else draw(sorts.values(result))


def contexts(encoding: str) -> tuple[Context, Context]:
    """Two memories alike: one for the codec, one for the specification."""
    one, other = (Context(bytearray(SIZE), encoding) for _ in range(2))
    return one, other


def check_export(func: abi.Func, arguments: list[Any], result: Any, encoding: str, inner: bool = False) -> None:
    ours, theirs = contexts(encoding)
    types = [p.type for p in func.params]
    flat = plain.flatten_all(types)
    flat = flat if len(flat) <= 16 else ["i32"]
    results = [func.result] if func.result is not None else []
    flat_result = plain.flatten_all(results)
    flat_result = flat_result if len(flat_result) <= 1 else ["i32"]
    seen: list[Any] = []

    def run(address: int) -> None:
        given = read_raw(address, flat)
        expected = theirs.lower_values(arguments, types, 16)
        assert given == expected
        assert ours.memory == theirs.memory
        seen.append(ours.lift_values(given, types, 16))
        returned = ours.lower_values([result] if results else [], results, 1)
        write_raw(address, flat_result, returned)

    def after(address: int) -> None:
        assert len(read_raw(address, flat_result)) == len(flat_result)
        seen.append("after")

    codec = (inner_codec if inner else export_codec)(func, Options(encoding))
    ours.handles, theirs.handles = [], []
    call = codec(ComponentInstance(ours.handles), Tools(ours), core(run), core(after))
    if func.raises and isinstance(result, abi.Err):
        with pytest.raises(abi.Err) as caught:
            call(*arguments)
        assert caught.value == result
    else:
        expected = result.value if func.raises else result
        assert call(*arguments) == expected
    assert seen == [arguments, "after"]


def check_import(func: abi.Func, arguments: list[Any], result: Any, encoding: str) -> None:
    ours, theirs = contexts(encoding)
    types = [p.type for p in func.params]
    results = [func.result] if func.result is not None else []
    flat, flat_result = plain.flatten_all(types), plain.flatten_all(results)
    flat = flat if len(flat) <= 16 else ["i32"]
    raw = bytearray(16 * 18)
    address, cores = address_of(raw), ours.lower_values(arguments, types, 16)
    if len(flat_result) > 1:
        flat, cores = [*flat, "i32"], [*cores, RETURN]
    write_raw(address, flat, cores)
    theirs.memory[:], theirs.top, theirs.handles = ours.memory, ours.top, list(ours.handles)
    given: list[Any] = []

    def target(*values: Any) -> Any:
        given.append(list(values))
        if func.raises:
            if isinstance(result, abi.Err):
                raise abi.Err(result.value)
            return result.value
        return result

    inst = ComponentInstance(ours.handles)
    import_codec(func, Options(encoding))(inst, Tools(ours), target)(address)
    assert given == [arguments]
    refused = func.raises and isinstance(result, abi.Err)
    assert inst.state.refused == (("f", result.value) if refused else None)
    expected = theirs.lower_values([result] if results else [], results, 1, RETURN)
    if len(flat_result) <= 1:
        assert read_raw(address, flat_result) == expected
    assert ours.memory == theirs.memory


def address_of(raw: bytearray) -> int:
    import ctypes

    return ctypes.addressof(ctypes.c_char.from_buffer(raw))


def run(check: Any, encoding: str, number: int, *handles: abi.Type, **more: Any) -> None:
    @settings(
        max_examples=examples(number), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(calls(*handles))
    def all_calls(call: tuple[abi.Func, list[Any], Any]) -> None:
        check(*call, encoding, **more)

    all_calls()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_exports_lower_and_lift_as_the_specification_says(encoding: str) -> None:
    run(check_export, encoding, 60)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_imports_lift_and_lower_as_the_specification_says(encoding: str) -> None:
    run(check_import, encoding, 60)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_lists_are_read_in_columns_as_they_are_in_rows(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lift, "MANY", 0)
    run(check_export, encoding, 60)
    run(check_import, encoding, 40, *sorts.HANDLES)


def test_calls_between_instances_lower_and_lift_in_the_same_way() -> None:
    run(check_export, "utf8", 30, inner=True)


def test_handles_cross_wherever_they_are_in_values() -> None:
    run(check_export, "utf8", 40, *sorts.HANDLES)
    run(check_import, "utf8", 40, *sorts.HANDLES)


@pytest.mark.parametrize("check", [check_export, check_import])
def test_one_type_can_be_that_of_a_parameter_and_of_the_result(check: Any) -> None:
    types: dict[abi.Type, Any] = {
        abi.List(abi.STRING): ["a", "b"],
        abi.Map(abi.U8, abi.STRING): {1: "x"},
        abi.List(abi.List(abi.U16, 20)): [list(range(20))],
        abi.List(abi.Option(abi.List(abi.CHAR))): [None, ["é"]],
    }
    for type, value in types.items():
        check(abi.Func("f", "f", (abi.Param("p0", type),), type), [value], value, "utf8")
