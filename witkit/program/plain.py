"""Values as a plain Python class takes and gives them, without generated classes.

| in WIT | as a plain value |
|---|---|
| `record` | taken: an object with the fields as attributes; given: such an object, or a dictionary |
| `variant` | the name of the case, or `{name: payload}` |
| `enum` | the name of the case |
| `flags` | a set of names |
| `option` | the value or None; `Some(value)` for an option in an option |
| `result` inside a value | `Ok(value)` or `Err(value)` |
| a handle of the interface's own resource | the object |

Numbers, texts, `list`, `tuple` and `map` are what they are in generated code; `list<u8>` is `bytes`.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from witkit import abi

from .values import Unfit


@dataclass(frozen=True, slots=True)
class Plain:
    """Turns values of a description into plain ones and back.

    `taken` and `given` convert the handles of resources that the implementation has; others are left as they are.
    """

    own: frozenset[abi.Resource]
    taken: Callable[[Any], Any]
    given: Callable[[abi.Resource, Any], Any]

    def take(self, type: abi.Type | None, value: Any) -> Any:
        """The plain value for one of the description's classes."""
        match type:
            case abi.List(element=element) if not isinstance(value, bytes):
                return [self.take(element, item) for item in value]
            case abi.Tuple(elements=elements):
                return tuple(map(self.take, elements, value))
            case abi.Option(element=element) if value is not None:
                inner = isinstance(element, abi.Option)
                return abi.Some(self.take(element, value.value)) if inner else self.take(element, value)
            case abi.Result():
                side, made = (type.ok, abi.Ok) if isinstance(value, abi.Ok) else (type.err, abi.Err)
                return made(self.take(side, value.value))
            case abi.Record(fields=fields):
                return SimpleNamespace(
                    **{each.attr: self.take(each.type, getattr(value, each.attr)) for each in fields}
                )
            case abi.Variant(cases=cases):
                case = next(each for each in cases if each.cls is value.__class__)
                return case.name if case.payload is None else {case.name: self.take(case.payload, value.value)}
            case abi.Enum():
                return type.cases[list(type.cls).index(value)]
            case abi.Flags():
                return {name for name, member in zip(type.flags, type.cls, strict=True) if member in value}
            case abi.Map():
                return {self.take(type.key, key): self.take(type.value, item) for key, item in value.items()}
            case abi.Own(resource=resource) | abi.Borrow(resource=resource) if resource in self.own:
                return self.taken(value)
        return value

    def give(self, type: abi.Type | None, value: Any, path: str = "") -> Any:
        """The description's value for a plain one; the runtime checks ranges. Raises Unfit."""
        match type:
            case abi.List(element=element) if not isinstance(value, bytes | bytearray | memoryview):
                items = enumerate(_iterable(value, "a list", path))
                return [self.give(element, item, f"{path}[{number}]") for number, item in items]
            case abi.Tuple(elements=elements):
                parts = list(_iterable(value, f"a tuple of {len(elements)}", path))
                if len(parts) != len(elements):
                    raise Unfit(f"a tuple of {len(elements)}", path)
                return tuple(self.give(each, part, path) for each, part in zip(elements, parts, strict=True))
            case abi.Option(element=element) if value is not None:
                if isinstance(element, abi.Option):
                    return abi.Some(self.give(element, getattr(value, "value", value), path))
                return self.give(element, value, path)
            case abi.Result():
                if not isinstance(value, abi.Ok | abi.Err):
                    raise Unfit("`Ok(value)` or `Err(value)`", path)
                side, made = (type.ok, abi.Ok) if isinstance(value, abi.Ok) else (type.err, abi.Err)
                return made(self.give(side, value.value, path))
            case abi.Record():
                return self._record(type, value, path)
            case abi.Variant():
                return self._variant(type, value, path)
            case abi.Enum() if not isinstance(value, type.cls):
                return list(type.cls)[_index(type.cases, value, path)]
            case abi.Flags() if not isinstance(value, type.cls):
                names = _iterable(value, "a set of names", path)
                chosen = [list(type.cls)[_index(type.flags, name, path)] for name in names]
                return functools.reduce(operator.or_, chosen, type.cls(0))
            case abi.Map() if isinstance(value, Mapping):
                return {self.give(type.key, k, path): self.give(type.value, item, path) for k, item in value.items()}
            case abi.Own(resource=resource) | abi.Borrow(resource=resource) if resource in self.own:
                return self.given(resource, value)
        return value

    def _record(self, type: abi.Record, value: Any, path: str) -> Any:
        if isinstance(value, Mapping):
            given = {str(name).replace("-", "_"): item for name, item in value.items()}
        else:
            given = {each.attr: getattr(value, each.attr) for each in type.fields if hasattr(value, each.attr)}
        missing = [each.name for each in type.fields if each.attr not in given]
        if missing:
            raise Unfit(f"a record with {', '.join(missing)}", path)
        return type.cls(*(self.give(each.type, given[each.attr], f"{path}.{each.name}") for each in type.fields))

    def _variant(self, type: abi.Variant, value: Any, path: str) -> Any:
        if any(each.cls is value.__class__ for each in type.cases):
            return value
        name, payload = value, None
        if isinstance(value, Mapping) and len(value) == 1:
            ((name, payload),) = value.items()
        case = type.cases[_index(tuple(each.name for each in type.cases), name, path)]
        if case.payload is None:
            return case.cls()
        return case.cls(self.give(case.payload, payload, f"{path}.{case.name}"))


def _index(names: tuple[str, ...], value: Any, path: str) -> int:
    if value not in names:
        raise Unfit(f"one of {', '.join(names)}", path)
    return names.index(value)


def _iterable(value: Any, expected: str, path: str) -> Iterable[Any]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise Unfit(expected, path)
    return value
