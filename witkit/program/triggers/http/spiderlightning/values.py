"""Requests and responses as values of a guest's own types: made from what its export says about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from witkit import abi
from witkit.abi.parts import inner
from witkit.interfaces.http.http_handler import INTERFACE as DESCRIBED

from ..exchange import Request, Response

HANDLE: Final = DESCRIBED.functions[0]

Params = list[tuple[str, str]]


def is_handler(func: abi.Func) -> bool:
    """Whether a function has the signature of `handle-http`. The names of its types and parameters do not count."""
    return (
        not func.is_async
        and len(func.params) == 1
        and _same(func.params[0].type, HANDLE.params[0].type)
        and _same(func.result, HANDLE.result)
    )


class Values:
    """The values of one handler."""

    def __init__(self, func: abi.Func) -> None:
        """`func` is the handler; see `is_handler`."""
        record, result = func.params[0].type, func.result
        assert isinstance(record, abi.Record)
        assert isinstance(result, abi.Result)
        assert isinstance(result.ok, abi.Record)
        assert isinstance(result.err, abi.Variant)
        kinds = record.fields[0].type
        assert isinstance(kinds, abi.Enum)
        self._make: Callable[..., Any] = record.cls
        self._methods = {name.upper(): member for name, member in zip(kinds.cases, kinds.cls, strict=True)}
        self._cases = {case.cls: case.name for case in result.err.cases}

    def request(self, given: Request, params: Params) -> Any:
        """The value for a request. A body of no bytes is none."""
        return self._make(self._methods[given.method], given.uri, given.headers, params, given.body or None)

    def response(self, value: Any) -> Response:
        """The response in a value."""
        return Response(value.status, value.headers or (), value.body or b"")

    def error(self, value: Any) -> str:
        """An error of the guest, for a log."""
        return f"{self._cases.get(type(value), type(value).__name__)}: {getattr(value, 'value', '')}"


def _same(one: abi.Type | None, other: abi.Type | None) -> bool:
    """Whether two types have the same structure with the same names inside."""
    if _head(one) != _head(other):
        return False
    return all(_same(a, b) for a, b in zip(inner(one), inner(other), strict=True))


def _head(type: abi.Type | None) -> object:
    match type:
        case abi.Record(_, _, fields):
            return "record", tuple(field.name for field in fields)
        case abi.Variant(_, cases):
            return "variant", tuple((case.name, case.payload is None) for case in cases)
        case abi.Enum(_, _, names):
            return "enum", names
        case abi.Primitive():
            return type
        case abi.Tuple(elements):
            return "tuple", len(elements)
        case abi.List(_, length):
            return "list", length
    return type.__class__
