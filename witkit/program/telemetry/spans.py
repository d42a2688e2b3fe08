"""Spans for what the guest is called for, and for what it calls."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from opentelemetry import context, propagate
from opentelemetry.trace import (
    Span,
    SpanKind,
    Status,
    StatusCode,
    Tracer,
    get_current_span,
    set_span_in_context,
)

from witkit import abi
from witkit.text import WitkitError

from ..call_ids import call_id
from ..stopped import Stopped

ID: Final = "wit.call.id"
"""The attribute with the id that lines of logs and of `--trace` have, too."""


class Spans:
    """Makes the spans of one program."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def begin(self, name: str, kind: str, carrier: Mapping[str, str], attributes: Mapping[str, Any]) -> Begun:
        """Begin the span of a request (`server`), a message or a change (`consumer`) or a run (`internal`).

        It belongs to the span around it, or else to the one that `carrier` names in `traceparent`. It is the current
        one of this context until `Begun.end`.
        """
        parent = None if get_current_span().get_span_context().is_valid else propagate.extract(carrier)
        span = self._tracer.start_span(name, parent, SpanKind[kind.upper()], attributes)
        if id := call_id.get():
            span.set_attribute(ID, id)
        return Begun(span)

    @contextmanager
    def around(
        self, name: str, kind: str, carrier: Mapping[str, str], attributes: Mapping[str, Any]
    ) -> Iterator[Begun]:
        """The same until the `with` statement ends. What it raises is a failure."""
        begun = self.begin(name, kind, carrier, attributes)
        try:
            yield begun
        except BaseException as problem:
            begun.failed(kind_of(problem))
            raise
        finally:
            begun.end()

    def observe(self, imported: str, func: abi.Func, target: Callable[..., Any]) -> Callable[..., Any]:
        """What is called in place of `target`, which implements a function of an import (see `abi.Observer`).

        Calls for which no span is current, such as those of a guest that only starts, have none.
        """
        short = func.name.rpartition("]")[2]
        name = f"{imported}#{short}" if imported else short
        attributes = {"wit.interface": imported, "wit.function": short}

        def call(*arguments: Any) -> Any:
            around = get_current_span()
            if not around.get_span_context().is_valid:
                return target(*arguments)
            span = self._tracer.start_span(name, attributes=attributes)
            if id := call_id.get():
                span.set_attribute(ID, id)
            begun = Begun(span)
            try:
                answer = target(*arguments)
            except BaseException as problem:
                begun.failed(kind_of(problem))
                begun.end()
                raise
            begun.leave()
            if func.is_async and inspect.isawaitable(answer):
                return _awaited(answer, begun)
            begun.end()
            return answer

        return call


async def _awaited(answer: Any, begun: Begun) -> Any:
    try:
        return await answer
    except BaseException as problem:
        begun.failed(kind_of(problem))
        raise
    finally:
        begun.end()


class Begun:
    """A span that has begun, and is the current one until it ends or `leave`."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._token: Any = context.attach(set_span_in_context(span))

    def note(self, name: str, value: str | int) -> None:
        """Set an attribute."""
        self._span.set_attribute(name, value)

    def rename(self, name: str) -> None:
        """Give it a name that was not known when it began."""
        self._span.update_name(name)

    def failed(self, kind: str) -> None:
        """Its status is an error of this kind, without a message."""
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))

    def leave(self) -> None:
        """Let the span around it be the current one again. A second time does nothing."""
        if self._token is not None:
            context.detach(self._token)
            self._token = None

    def end(self) -> None:
        """End it."""
        self.leave()
        self._span.end()


def kind_of(problem: BaseException) -> str:
    """The kind of a failure: `err` for an error that the interface declares, the code of a diagnostic, or the name of
    an exception."""
    match problem:
        case abi.Err():
            return "err"
        case Stopped():
            return problem.diagnostic.code
        case WitkitError():
            return problem.diagnostics[0].code
        case _:
            return type(problem).__name__
