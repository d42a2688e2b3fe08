"""`witkit run --trace`: one line for each call of an import, with its arguments, its result and its time.

    trace: spiderlightning:keyvalue/keyvalue@0.5.1#keyvalue.get(<keyvalue 1>, "tea") -> ok([52, 48]) (41 µs)

Values are WAVE. Long ones are shortened, secrets are masked. A handle has the name of its resource and a number. If the
guest is called for a request or a message, its id is at the end of the line. What WASI does for a guest is not
shown.
"""

from __future__ import annotations

import inspect
import time
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import count, islice
from typing import Any, Final

from witkit import abi
from witkit.abi.wave import Wave, escaped
from witkit.backends.plugins import described
from witkit.text.secrets import MASK, is_secret, masked_by_form

from .call_ids import call_id

CHARACTERS: Final = 80
"""The most characters of a text that are shown."""
ITEMS: Final = 16
"""The most elements of a list that are shown."""
LINE: Final = 1000
"""The most characters of the arguments of a call, and of its result."""
SEARCHED: Final = 4096
"""How much of a long text is searched for secrets: much more than is shown."""

_NOT_NAMES: Final = frozenset(["key", "keys"])
"""Words that mark a secret in a setting, but are common as keys in examples."""


class Trace:
    """Writes the calls of one run as lines, from any number of threads."""

    def __init__(self, write: Callable[[str], object]) -> None:
        self._write, self._wave = write, _Shown()

    def observe(self, imported: str, func: abi.Func, target: Callable[..., Any]) -> Callable[..., Any]:
        """What is called in place of `target`, which implements a function of an import (see `abi.Observer`)."""
        name = f"{imported}#{func.name.rpartition(']')[2]}" if imported else func.name

        def call(*arguments: Any) -> Any:
            begin = f"{name}({self._wave.arguments(func, arguments)})"
            started = time.perf_counter()
            try:
                answer = target(*arguments)
            except BaseException as problem:
                self._line(begin, self._wave.failure(func, problem), started)
                raise
            if func.is_async and inspect.isawaitable(answer):
                return self._awaited(begin, func, arguments, answer, started)
            self._line(begin, self._wave.answer(func, arguments, answer), started)
            return answer

        return call

    async def _awaited(self, begin: str, func: abi.Func, arguments: Sequence[Any], answer: Any, started: float) -> Any:
        try:
            found = await answer
        except BaseException as problem:
            self._line(begin, self._wave.failure(func, problem), started)
            raise
        self._line(begin, self._wave.answer(func, arguments, found), started)
        return found

    def _line(self, begin: str, end: str, started: float) -> None:
        of = f" id={id}" if (id := call_id.get()) else ""
        self._write(f"trace: {begin}{end} ({duration(time.perf_counter() - started)}){of}")


class _Shown(Wave):
    """WAVE for people: short, without secrets, with numbers for handles."""

    def __init__(self) -> None:
        self._numbers: dict[int, tuple[int, object]] = {}
        self._next: dict[str, Iterator[int]] = {}

    def arguments(self, func: abi.Func, values: Sequence[Any]) -> str:
        """The arguments of a call; that of a parameter whose name is that of a secret is masked."""
        types: list[tuple[str, abi.Type]] = [(param.name, param.type) for param in func.params]
        if func.kind == "method" and func.resource is not None:
            types = [("self", abi.Borrow(func.resource)), *types]
        given = [(type, value) for (_, type), value in zip(types, values, strict=False)]
        shown = [
            MASK if is_secret(name) and name not in _NOT_NAMES else text
            for (name, _), text in zip(types, self._guarded(lambda: list(self.group(given))), strict=False)
        ]
        return _cut(", ".join(shown))

    def answer(self, func: abi.Func, arguments: Sequence[Any], value: Any) -> str:
        """What follows the call: an arrow and the result, or nothing if the function has none."""
        if func.kind == "constructor":
            assert func.resource is not None
            return f" -> {self._new(func.resource.name, value)}"
        if func.result is None:
            return ""
        if any(_names_secret(each) for each in arguments):
            return f" -> {MASK}"
        if func.raises and isinstance(func.result, abi.Result):
            return self._arrow(lambda: self._side(func.result, "ok", value))
        return self._arrow(lambda: self._fresh(func.result, value))

    def failure(self, func: abi.Func, problem: BaseException) -> str:
        """What follows a call that raised: the error of the interface, or the exception that ends the guest."""
        if isinstance(problem, abi.Err) and func.raises:
            return self._arrow(lambda: self._side(func.result, "err", problem.value))
        if not isinstance(problem, Exception):
            return f" -> interrupted by {type(problem).__name__}"
        return _cut(f" -> failed: {described(problem)}")

    def _arrow(self, write: Callable[[], str]) -> str:
        return f" -> {_cut(self._guarded(lambda: [write()])[0])}"

    def _guarded(self, write: Callable[[], list[str]]) -> list[str]:
        """What `write` gives. A value that does not have its type is reported by the runtime, after this."""
        try:
            return write()
        except Exception:
            return ["<a value that does not have the type>"]

    def _side(self, type: abi.Type | None, name: str, value: Any) -> str:
        assert isinstance(type, abi.Result)
        payload = type.ok if name == "ok" else type.err
        return name if payload is None else f"{name}({self._fresh(payload, value)})"

    def _fresh(self, type: abi.Type | None, value: Any) -> str:
        """A result: an owned handle in it is a new one."""
        assert type is not None
        return self._new(type.resource.name, value) if isinstance(type, abi.Own) else self.write(type, value)

    def text(self, value: str) -> str:
        """A string without secrets, and its length if it is long."""
        shown = _without_secrets(value)
        if len(shown) <= CHARACTERS and len(value) <= SEARCHED:
            return f'"{escaped(shown)}"'
        return f'"{escaped(shown[:CHARACTERS])}…" of {len(value)} characters'

    def items(self, element: abi.Type, values: Any) -> Iterator[str]:
        """The first elements of a list, and how many there are."""
        data = bytes(values[:SEARCHED]) if isinstance(values, bytes | bytearray | memoryview) else b""
        if data and _without_secrets(text := data.decode("utf-8", "surrogateescape")) != text:
            yield MASK
            return
        yield from (self.write(element, value) for value in islice(values, ITEMS))
        if len(values) > ITEMS:
            yield f"… {len(values) - ITEMS} more"

    def group(self, values: Iterable[tuple[abi.Type, Any]]) -> Iterator[str]:
        """The values. If one of them is the name of a secret, such as `db-password`, the others are masked."""
        known = list(values)
        secret = any(_names_secret(value) for _, value in known)
        for type, value in known:
            hidden = secret and not _names_secret(value) and not isinstance(type, abi.Own | abi.Borrow)
            yield MASK if hidden else self.write(type, value)

    def handle(self, type: abi.Own | abi.Borrow, value: Any) -> str:
        """A handle with the number of its object."""
        if (known := self._numbers.get(id(value))) is not None:
            return f"<{type.resource.name} {known[0]}>"
        return self._new(type.resource.name, value)

    def _new(self, resource: str, value: Any) -> str:
        """A handle that the guest did not have before. Its object is not kept alive for its number."""
        number = next(self._next.setdefault(resource, count(1)))
        try:
            alive: object = weakref.ref(value, partial(self._forget, id(value), number))
        except TypeError:
            alive = None  # an object of a class with slots; its number ends when another one has its place
        self._numbers[id(value)] = number, alive
        return f"<{resource} {number}>"

    def _forget(self, place: int, number: int, gone: object) -> None:
        if self._numbers.get(place, (0, None))[0] == number:
            del self._numbers[place]


def duration(seconds: float) -> str:
    """A time with the unit that suits it: `41 µs`, `3.2 ms`, `5.00 s`."""
    if seconds < 1e-3:
        return f"{seconds * 1e6:.0f} µs"
    return f"{seconds * 1e3:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _names_secret(value: Any) -> bool:
    return isinstance(value, str) and len(value) < CHARACTERS and value not in _NOT_NAMES and is_secret(value)


def _without_secrets(text: str) -> str:
    """The text with its secrets masked. Of a very long one, only the beginning, which is searched."""
    return masked_by_form(text[:SEARCHED])


def _cut(text: str) -> str:
    return text if len(text) <= LINE else f"{text[:LINE]}…"
