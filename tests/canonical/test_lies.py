"""Guests that lie: whatever bytes they give, the outcome is that of the specification, a value or a trap."""

from __future__ import annotations

from ctypes import c_float
from math import isfinite
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.canonical import plain, sorts
from tests.canonical.fake import ComponentInstance, Options, Stopped, Tools, core, write_raw
from tests.canonical.plain import Context
from tests.canonical.test_values import address_of
from tests.sampled import examples
from witkit import abi
from witkit.canonical import lift
from witkit.canonical.columns import MANY
from witkit.canonical.errors import Violation
from witkit.canonical.functions import export_codec, import_codec

SIZE = 1 << 12
ENCODINGS = ["utf8", "utf16", "latin1+utf16"]
BYTES = st.sampled_from([0, 1, 2, 3, 4, 0x7F, 0x80, 0xC3, 0xD8, 0xDC, 0xE2, 0xF0, 0xFF]) | st.integers(0, 255)


@st.composite
def images(draw: st.DrawFn, encoding: str) -> tuple[abi.Type, Context, list[Any]]:
    """A type, the memory and core values of one of its values, and a few wrong bytes in both."""
    type = draw(sorts.types().filter(lambda t: plain.size(t) < SIZE // 4))
    context = Context(bytearray(SIZE), encoding, top=64)
    cores = context.lower_values([draw(sorts.values(type))], [type], draw(st.sampled_from([1, 16])))
    for _ in range(draw(st.integers(1, 4))):
        context.memory[draw(st.integers(64, max(64, context.top - 1)))] = draw(BYTES)
    at = draw(st.integers(0, 2 * len(cores)))
    if at < len(cores) and isinstance(cores[at], int):
        cores[at] = draw(st.integers(0, 300) | st.integers(0, (1 << 32) - 1) | st.integers(SIZE - 16, SIZE + 16))
    return type, context, cores


def fitting(cores: list[Any], flat: list[str]) -> list[Any]:
    """As many core values of these types, made of other ones."""
    return [fits(value, core) for value, core in zip((cores * len(flat))[: len(flat)], flat, strict=True)]


def fits(value: float, core: str) -> float:
    if core[0] == "f":
        return c_float(value).value if core == "f32" else float(value)
    return int(value) & 0xFFFFFFFF if isfinite(value) else 0


def outcome(run: Any, *stopped: type[Exception]) -> str:
    """What came out, as text: not every NaN is equal to itself."""
    try:
        return repr(run())
    except stopped:
        return "stopped"


@pytest.mark.parametrize("many", [MANY, 0])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_a_guest_returns_is_a_value_or_stops_it(encoding: str, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lift, "MANY", many)

    @settings(
        max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(images(encoding))
    def all_images(image: tuple[abi.Type, Context, list[Any]]) -> None:
        type, context, cores = image
        flat = plain.flatten(type)
        if len(flat) != 1:
            flat, cores = ["i32"], fitting(cores, ["i32"])
        run, tools = core(lambda address: write_raw(address, flat, cores)), Tools(context, gathers=many == 0)
        call = export_codec(abi.Func("f", "f", (), type), Options(encoding))(ComponentInstance([]), tools, run, None)
        expected = outcome(lambda: context.lift_values(cores, [type], 1)[0], plain.Trap)
        assert outcome(call, Stopped) == expected

    all_images()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_a_guest_passes_is_a_value_or_stops_it(encoding: str) -> None:
    @settings(
        max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
    )
    @given(images(encoding))
    def all_images(image: tuple[abi.Type, Context, list[Any]]) -> None:
        type, context, cores = image
        flat = plain.flatten(type)
        flat = flat if len(flat) <= 16 else ["i32"]
        cores = fitting(cores, flat)
        raw, given = bytearray(16 * 18), list[Any]()
        write_raw(address_of(raw), flat, cores)
        func = abi.Func("f", "f", (abi.Param("p", type),))
        run = import_codec(func, Options(encoding))(ComponentInstance([]), Tools(context), given.append)
        expected = outcome(lambda: context.lift_values(cores, [type], 16)[0], plain.Trap)

        def called() -> Any:
            run(address_of(raw))
            return given[0]

        assert outcome(called, Violation) == expected

    all_images()
