"""The lines of `witkit run --trace`: what they show of a call, and what they do not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from witkit import Err, abi
from witkit.program.trace import Trace, duration
from witkit.text.secrets import learn

STORE = abi.Resource("store", "Store")
BYTES = abi.List(abi.U8)
SET = abi.Func("set", "set", (abi.Param("key", abi.STRING), abi.Param("value", BYTES)))
GET = abi.Func("get", "get", (abi.Param("name", abi.STRING),), BYTES)


@dataclass
class Pair:
    name: str
    value: str


PAIR = abi.Record("pair", Pair, (abi.Field("name", "name", abi.STRING), abi.Field("value", "value", abi.STRING)))


class Store:
    pass


def traced(func: abi.Func, target: Callable[..., Any], *arguments: Any) -> str:
    """The line for one call, without its time. The call gives what the function gives."""
    lines: list[str] = []
    observed = Trace(lines.append).observe("a:b/c", func, target)
    assert observed(*arguments) == target(*arguments)
    return without_time(lines)


def without_time(lines: list[str]) -> str:
    (line,) = lines
    shown, time = line.rsplit(" (", 1)
    assert re.fullmatch(r"[\d.]+ (µs|ms|s)\)", time)
    return shown.removeprefix("trace: ")


def test_a_line_has_the_name_the_arguments_and_the_result() -> None:
    assert traced(GET, lambda name: b"ab", "tea") == 'a:b/c#get("tea") -> [97, 98]'


def test_a_function_of_the_world_has_no_interface() -> None:
    lines: list[str] = []
    Trace(lines.append).observe("", abi.Func("log", "log", (abi.Param("line", abi.STRING),)), lambda line: None)("x")
    assert without_time(lines) == 'log("x")'


def test_an_error_of_the_interface_is_a_result() -> None:
    lines: list[str] = []
    func = abi.Func("get", "get", (), abi.Result(BYTES, abi.STRING), raises=True)

    def get() -> bytes:
        raise Err("no-such-key")

    with pytest.raises(Err, match="no-such-key"):
        Trace(lines.append).observe("a:b/c", func, get)()
    assert without_time(lines) == 'a:b/c#get() -> err("no-such-key")'


@pytest.mark.parametrize(
    ("problem", "shown"),
    [
        (ValueError("boom"), "failed: ValueError: boom"),
        (KeyboardInterrupt(), "interrupted by KeyboardInterrupt"),
        (SystemExit(1), "interrupted by SystemExit"),
    ],
)
def test_what_a_function_raises_is_shown_and_passed_on(problem: BaseException, shown: str) -> None:
    lines: list[str] = []

    def get(name: str) -> bytes:
        raise problem

    with pytest.raises(type(problem)) as caught:
        Trace(lines.append).observe("a:b/c", GET, get)("tea")
    assert caught.value is problem
    assert without_time(lines) == f'a:b/c#get("tea") -> {shown}'


def test_a_coroutine_is_shown_when_it_has_ended() -> None:
    lines: list[str] = []
    func = abi.Func("wait", "wait", (), abi.U8, is_async=True)

    async def wait() -> int:
        await asyncio.sleep(0.02)
        return 7

    assert asyncio.run(Trace(lines.append).observe("a:b/c", func, wait)()) == 7
    shown = re.fullmatch(r"trace: a:b/c#wait\(\) -> 7 \(([\d.]+) (ms|s)\)", lines[0])
    assert shown
    assert shown[2] == "s" or float(shown[1]) > 19


def test_handles_have_the_number_of_their_object() -> None:
    lines: list[str] = []
    trace = Trace(lines.append)
    opened = trace.observe("a:b/c", abi.Func("[static]store.open", "open", (), abi.Own(STORE), "static", STORE), Store)
    close = trace.observe(
        "a:b/c", abi.Func("[method]store.close", "close", (), None, "method", STORE), lambda store: None
    )
    one, two = opened(), opened()
    close(two)
    close(one)
    shown = [line.rsplit(" (", 1)[0].removeprefix("trace: a:b/c#store.") for line in lines]
    assert shown == ["open() -> <store 1>", "open() -> <store 2>", "close(<store 2>)", "close(<store 1>)"]


def test_the_trace_keeps_no_object_alive() -> None:
    dropped: list[bool] = []

    class Watched:
        def __del__(self) -> None:
            dropped.append(True)

    func = abi.Func("[constructor]store", "Store", (), abi.Own(STORE), "constructor", STORE)
    Trace(lambda line: None).observe("a:b/c", func, Watched)()
    assert dropped == [True]


def test_long_values_are_shortened_and_their_size_is_shown() -> None:
    shown = traced(GET, lambda name: bytes(100_000), "x" * 5000)
    assert shown == f'a:b/c#get("{"x" * 80}…" of 5000 characters) -> [{"0, " * 16}… 99984 more]'


def test_the_arguments_of_a_call_have_a_bounded_length() -> None:
    deep = abi.List(abi.List(abi.List(abi.STRING)))
    func = abi.Func("put", "put", (abi.Param("all", deep),))
    assert len(traced(func, lambda all: None, [[["text"] * 50] * 50] * 50)) < 1100


def test_a_value_of_another_type_is_left_to_the_runtime() -> None:
    assert traced(GET, lambda name: 7, "tea") == 'a:b/c#get("tea") -> <a value that does not have the type>'


SECRET = "correct-horse-battery"


@pytest.mark.parametrize(
    ("func", "arguments", "answer"),
    [
        (GET, ["db-password"], SECRET.encode()),
        (SET, ["api-token", SECRET.encode()], None),
        (abi.Func("login", "login", (abi.Param("password", abi.STRING),)), [SECRET], None),
        (abi.Func("open", "open", (abi.Param("url", abi.STRING),)), [f"redis://bob:{SECRET}@db.example"], None),
        (abi.Func("exec", "exec", (abi.Param("sql", abi.STRING),)), [f"ALTER USER bob PASSWORD='{SECRET}'"], None),
        (abi.Func("all", "all", (), abi.List(abi.Tuple((abi.STRING, abi.STRING)))), [], [("db-password", SECRET)]),
        (abi.Func("row", "row", (), PAIR), [], Pair("db-password", SECRET)),
    ],
    ids=["a setting", "a key", "a parameter", "a URL", "SQL", "a pair", "a column"],
)  # fmt: skip
def test_a_secret_that_its_name_or_form_shows_is_masked(func: abi.Func, arguments: list[Any], answer: Any) -> None:
    shown = traced(func, lambda *_: answer, *arguments)
    assert "***" in shown
    assert SECRET not in shown
    assert ", ".join(map(str, SECRET.encode()[:4])) not in shown


@pytest.mark.parametrize("padding", [0, 70, 4090, 100_000])
def test_a_known_secret_is_masked_in_texts_and_bytes(padding: int) -> None:
    learn({"password": SECRET})
    text = "." * padding + SECRET + "." * padding
    shown = traced(GET, lambda name: text.encode(), text)
    assert not any(SECRET[:size] in shown for size in range(4, len(SECRET)))
    assert ", ".join(map(str, SECRET.encode()[:4])) not in shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0000412, "41 µs"), (0.00321, "3.2 ms"), (5.001, "5.00 s"), (0, "0 µs")]
)
def test_a_time_has_the_unit_that_suits_it(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
