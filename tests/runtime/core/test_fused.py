"""Exports called through an adapter do what they do without one: the same values, traps and calls of the guest."""

from __future__ import annotations

import random
import signal
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.runtime.core.described import Described
from tests.runtime.core.fusing import (
    ASKS,
    IN_CALL,
    IN_POST,
    IN_REALLOC,
    LOOPS,
    NO_LIE,
    PAGE,
    TRAPS,
    guest,
    has_adapters,
)
from tests.runtime.core.test_recursion import deeper, outcome
from tests.runtime.core.test_rules import BROKEN
from witkit.canonical.fused import ROOM
from witkit.runtime import InstanceError, Reason, Trap
from witkit.runtime.core import fused
from witkit.runtime.limits import Limits

TEXTS = [
    "",
    "a",
    "0123456789",
    "é" * 9,
    "\0",
    "x" * (ROOM - 1),
    "x" * ROOM,
    "x" * (ROOM + 1),
    "é" * (ROOM // 2),
    "𝄞" * ROOM,
]


def test_values_arrive_and_return_whatever_their_size(same: Callable[..., list[Any]]) -> None:
    def calls(made: Described) -> Iterator[Any]:
        for text in TEXTS * 2:
            yield made["echo"](text)
            yield made["bytes"](text.encode())
            yield made["size"](text)
            yield made["flag"](text)
            yield made["twice"](text)
            yield made["nothing"](text)

    found = same(calls)
    for text, results in zip(TEXTS * 2, zip(*(iter(found),) * 6, strict=False), strict=False):
        data = text.encode()
        assert results == (text, data, len(data), bool(data), (text, text), None)


@pytest.mark.parametrize("n", [0, 1, ROOM // 3, ROOM // 3 + 1, ROOM])
def test_several_strings_and_lists_arrive_beside_numbers(same: Callable[..., list[Any]], n: int) -> None:
    def calls(made: Described) -> Iterator[Any]:
        made["set"](0, NO_LIE)
        for last in (b"z" * n, bytearray(b"z" * n), memoryview(b"z" * n)):
            yield made["three"]("é" * (n // 2), -(n % 2), ("y" * n, last))

    size = n // 2 * 2 - n % 2 + 2 * n
    expected = ("é".encode() * (n // 2) + b"y" * n + b"z" * n)[: max(size, 0)]
    if size >= 0:
        assert same(calls)[:3] == [expected] * 3
    else:
        assert same(calls)[0][0] is Trap


def test_an_adapter_is_made_only_for_many_calls(patience: Callable[[int], None]) -> None:
    patience(3)
    with guest() as made:
        for _ in range(2):
            made["called"]()
            assert made["echo"]("x") == "x"
        assert not has_adapters(made), "each `made[...]` is a function of its own"
        echo = made["echo"]
        assert [echo("a"), echo("b"), has_adapters(made)] == ["a", "b", False]
        assert [echo("c"), has_adapters(made), echo("d")] == ["c", True, "d"]


@pytest.mark.parametrize("case", [case for case, (text, _, _) in BROKEN.items() if '(param "x" string)' in text])
def test_a_rule_is_a_rule_with_an_adapter(patience: Callable[[int], None], case: str) -> None:
    text, arguments, reason = BROKEN[case]
    traps = []
    for calls in (1, 100):
        patience(calls)
        made = Described(text)
        with pytest.raises(Trap, match=reason) as caught:
            made["f"](*arguments)
        assert has_adapters(made) is (calls == 1)
        assert made.closed
        traps.append((caught.value.args, caught.value.reason, caught.value.function))
    assert traps[0] == traps[1]


@pytest.mark.parametrize("name", ["echo", "size", "twice", "nothing", "letter"])
@pytest.mark.parametrize("where", [IN_REALLOC, IN_CALL, IN_POST])
@pytest.mark.parametrize("what", [ASKS, TRAPS])
def test_a_guest_is_stopped_where_it_would_be(same: Callable[..., list[Any]], name: str, where: int, what: int) -> None:
    def calls(made: Described) -> Iterator[Any]:
        function = made[name]
        yield function("xyz")
        made["set"](where + what, NO_LIE)
        yield function("xyz")

    found = same(calls)
    if (where, what) == (IN_CALL, ASKS):
        assert found[0] == found[1]
    else:
        type, (message,), _, _ = found[1]
        assert type is Trap
        assert ("unreachable" if what else "cannot leave component instance") in message


@pytest.mark.parametrize("where", [IN_REALLOC, IN_POST])
def test_an_import_that_was_called_before_there_was_an_adapter_stops_the_guest(
    patience: Callable[[int], None], where: int
) -> None:
    patience(2)
    asked: list[int] = []

    def ask(number: int) -> int:
        asked.append(number)
        return number

    with guest(ask=ask) as made:
        echo = made["echo"]
        made["set"](IN_CALL, NO_LIE)
        assert [echo("x"), has_adapters(made), echo("y"), has_adapters(made)] == ["x", False, "y", True]
        assert asked == [IN_CALL, IN_CALL]
        made["set"](where, NO_LIE)
        with pytest.raises(Trap, match="cannot leave component instance"):
            echo("z")
        assert asked == [IN_CALL, IN_CALL]


@pytest.mark.parametrize("where", [IN_REALLOC, IN_CALL, IN_POST])
def test_a_guest_that_runs_too_long_is_stopped(same: Callable[..., list[Any]], where: int) -> None:
    def calls(made: Described) -> Iterator[Any]:
        made["set"](where + LOOPS, NO_LIE)
        yield made["echo"]("xyz")

    (_, (message,), reason, _), _ = same(calls, Limits(timeout=0.1))
    assert message == "`echo` stopped: the guest ran longer than its timeout"
    assert reason is Reason.TIMEOUT


@pytest.mark.parametrize("pointer", [0, 1, 2 * PAGE - 4, 2 * PAGE - 3, 2 * PAGE, 2 * PAGE + 1, 1 << 31, NO_LIE - 1])
@pytest.mark.parametrize("text", ["", "abc"])
def test_a_block_beyond_the_memory_is_refused(same: Callable[..., list[Any]], pointer: int, text: str) -> None:
    def calls(made: Described) -> Iterator[Any]:
        made["set"](0, pointer)
        yield made["echo"](text)
        yield made["twice"](text)

    found = same(calls)
    if pointer + len(text) <= 2 * PAGE:
        assert found[:2] == [text, (text, text)]
    else:
        assert found[0][1] == ("`echo` stopped: realloc return: beyond end of memory",)


def test_lies_about_a_result_are_a_value_or_the_same_trap(same: Callable[..., list[Any]]) -> None:
    chance, kinds = random.Random(11), set[bool]()
    end = 2 * PAGE
    places = [0, 1, 4, 16, 17, 1024, end - 9, end - 8, end - 4, end, 1 << 31, NO_LIE]
    sizes = [0, 1, 2, 8, 100, ROOM, ROOM + 1, end - 1024, end, 1 << 28, NO_LIE]
    for _ in range(60):
        words = chance.choice(places), chance.choice(sizes), chance.choice([16, 16, 16, *places])
        data = struct.pack("<3I", *words) + chance.choice([b"text", b"\xff", b"\xc3", b""])

        def calls(made: Described, data: bytes = data) -> Iterator[Any]:
            yield made["lie"](data)

        kinds.add(isinstance(same(calls)[0], str))
    assert kinds == {True, False}


@pytest.mark.parametrize("last", [b"\xff", b"\xc3"])
def test_text_that_is_not_utf_8_is_a_trap(same: Callable[..., list[Any]], last: bytes) -> None:
    def calls(made: Described) -> Iterator[Any]:
        yield made["lie"](struct.pack("<3I", 1036, len(last), 16) + last)

    assert "utf-8" in same(calls)[0][1][0]


@pytest.mark.parametrize("last", [b"text", b"\xff"])
@pytest.mark.parametrize("what", [ASKS, TRAPS, LOOPS])
def test_text_that_is_not_utf_8_is_a_trap_before_what_the_guest_does_then(
    same: Callable[..., list[Any]], what: int, last: bytes
) -> None:
    def calls(made: Described) -> Iterator[Any]:
        made["set"](IN_POST + what, NO_LIE)
        yield made["lie"](struct.pack("<3I", 1036, len(last), 16) + last)

    assert ("utf-8" in same(calls, Limits(timeout=1))[0][1][0]) is (last != b"text")


def test_a_call_within_a_call_does_without_the_adapter(soon: None) -> None:
    found: list[Any] = []

    def ask(_: int) -> int:
        made["set"](0, NO_LIE)
        found.extend([echo("inner"), made["bytes"](b"x" * 100), echo("é")])
        return 0

    with guest(ask=ask) as made:
        echo = made["echo"]
        assert echo("first") == "first"
        made["set"](IN_CALL, NO_LIE)
        assert echo("outer") == "outer"
        assert found == ["inner", b"x" * 100, "é"]
        assert echo("last") == "last"
        assert has_adapters(made)


@pytest.mark.skipif(sys.platform == "win32", reason="has no setitimer")
def test_ctrl_c_at_any_moment_closes_an_instance_or_leaves_it_usable(soon: None) -> None:
    source, before = random.Random(7), signal.signal(signal.SIGALRM, signal.default_int_handler)

    def calls() -> bool:
        """Make calls until a signal comes."""
        try:
            signal.setitimer(signal.ITIMER_REAL, source.uniform(2e-5, 2e-4))
            while True:
                echo("0123456789")
        except KeyboardInterrupt:
            return True

    made = guest()
    echo = made["echo"]
    echo("")
    try:
        for _ in range(300):
            assert calls()
            try:
                assert echo("x") == "x"
            except InstanceError as closed:
                assert str(closed) == "the instance was closed after KeyboardInterrupt in a call of `echo`"  # noqa: PT017
                made = guest()
                echo = made["echo"]
                echo("")
            assert has_adapters(made)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        made.close()


def near_the_limit() -> None:
    """Calls that begin so deep that they only just fit, or do not, with adapters that are there or have to be made."""
    fused.PATIENCE = 1
    made, seen = guest(), set()
    for is_there in (True, False):
        for levels in range(sys.getrecursionlimit() - 60, sys.getrecursionlimit()):
            made = guest() if made.closed else made
            made["set"](IN_CALL, NO_LIE)
            echo = made["echo"]
            if is_there:
                echo("")
            found, after = outcome(deeper, levels, echo, "x"), outcome(echo, "y")
            assert after == "'y'" if not made.closed else after == "InstanceError", (levels, found, after)
            seen.add(found)
    print(sorted(seen))


def test_calls_at_the_recursion_limit_fail_without_harm() -> None:
    code = "from tests.runtime.core import test_fused as t; t.near_the_limit()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout) == (0, "[\"'x'\", 'RecursionError']\n"), done.stderr


def test_what_a_host_function_raises_is_raised_as_it_is(soon: None) -> None:
    problem = ValueError("not now")

    def ask(_: int) -> int:
        raise problem

    made = guest(ask=ask)
    made["set"](IN_CALL, NO_LIE)
    with pytest.raises(ValueError, match="not now") as caught:
        made["echo"]("x")
    assert caught.value is problem
    with pytest.raises(InstanceError, match="closed after ValueError in a host function of `echo`"):
        made["echo"]("x")


def test_a_backtrace_shows_the_guest_only(soon: None) -> None:
    made = guest()
    made["set"](IN_CALL + TRAPS, NO_LIE)
    with pytest.raises(Trap) as caught:
        made["echo"]("x")
    assert has_adapters(made)
    assert len(caught.value.backtrace) == 2
    assert not any("adapter" in frame for frame in caught.value.backtrace)


@pytest.mark.parametrize("limits", [Limits(memories=1), Limits(instances=1), Limits(instances=2)])
def test_limits_that_leave_no_room_leave_the_calls_as_they_are(soon: None, limits: Limits) -> None:
    with guest(limits) as made:
        echo = made["echo"]
        assert [echo("é"), echo("x" * 10)] == ["é", "x" * 10]


def test_a_guest_with_fuel_spends_it_on_nothing_but_itself(soon: None) -> None:
    with guest(Limits(fuel=10_000)) as made:
        assert made["echo"]("x") == "x"
        assert not has_adapters(made)


@pytest.mark.parametrize("value", [1, None, b"x", "\ud800"])
def test_a_wrong_value_is_found_before_the_guest_is_asked_for_memory(soon: None, value: Any) -> None:
    with guest() as made:
        three = made["three"]
        assert three("a", 0, ("b", b"c")) == b"abc"
        before = made["called"]()
        with pytest.raises((TypeError, ValueError)):
            three("a", 0, (value, b"c"))
        with pytest.raises((TypeError, ValueError, OverflowError)):
            three("a", 1 << 63, ("b", b"c"))
        assert made["called"]() == before
        assert three("a", 0, ("b", b"c")) == b"abc"
