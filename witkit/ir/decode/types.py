"""Component types to types of the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from witkit.ir import model
from witkit.ir.decode.names import FUNCTION_KINDS
from witkit.ir.model import Function, FunctionKind, Interface, Resolve, Type, TypeDef, World
from witkit.wasm import types
from witkit.wasm.cursor import BadWasm
from witkit.wasm.names import NameKind, parse_name
from witkit.wasm.types import Defined, ExternName, Func, Node, Resource, ValType

_DEPTH = 100
_NAMED = types.Record | types.Variant | types.Enum | types.Flags


@dataclass(slots=True)
class TypeDecoder:
    """Converts component types to types of `resolve`, each once. `known` maps the types that are converted already.

    `offset` is the offset in the file for errors.
    """

    resolve: Resolve
    offset: int = 0
    known: dict[Node, TypeDef] = field(default_factory=dict)
    depth: int = 0

    def fail(self, message: str) -> BadWasm:
        return BadWasm(message, self.offset)

    def define(self, name: ExternName, item: types.TypeItem, owner: Interface | World) -> TypeDef:
        """The type with a name in an interface or world: a new one, or an alias of one that is known."""
        referenced = item.referenced
        if not isinstance(referenced, Defined | Resource):
            raise self.fail(f"WIT cannot express the type `{name.text}`")
        kind: model.TypeKind
        if (target := self._alias(referenced)) is not None:
            kind = model.Alias(target)
        elif isinstance(referenced, Resource):
            kind = model.Resource()
        else:
            kind = self.kind(referenced.kind)
        type_ = TypeDef(name=name.text, kind=kind, owner=owner, external_id=name.external_id)
        self.resolve.types.append(type_)
        # An instance can be exported again with another name: its types stay the same.
        self.known.setdefault(item.created, type_)
        return type_

    def _alias(self, node: Node) -> TypeDef | None:
        """The converted form of a type, or of one that it is an alias of; None if it is new."""
        current: Defined | Resource | None = node if isinstance(node, Defined | Resource) else None
        while current is not None:
            if current in self.known:
                return self.known[current]
            current = current.of
        return None

    def function(self, name: ExternName, func: Func, look_up: Callable[[str], object]) -> Function:
        """A function. If its name names a resource, `look_up` finds that among the types of the function's owner."""
        parsed = parse_name(name.text)
        kind = FUNCTION_KINDS.get(parsed.kind) if parsed is not None else None
        if parsed is None or kind is None:
            raise self.fail(f"`{name.text}` is not the name of a function")
        resource = None
        if parsed.kind is not NameKind.LABEL:
            found = look_up(parsed.resource)
            if not isinstance(found, TypeDef) or not isinstance(found.kind, model.Resource):
                raise self.fail(f"`{name.text}` is a function of an unknown resource")
            resource = found
        params = [model.Param(name=label, type=self.value(t)) for label, t in func.params]
        result = None if func.result is None else self.value(func.result)
        function = Function(
            name=name.text,
            kind=kind,
            resource=resource,
            is_async=func.is_async,
            params=params,
            result=result,
            external_id=name.external_id,
        )
        self._check(function)
        return function

    def _check(self, function: Function) -> None:
        """A method takes its resource first. A constructor returns its resource, perhaps in a `result`."""
        first = function.params[0].type if function.params else None
        handle = first.kind if isinstance(first, TypeDef) else None
        if function.kind is FunctionKind.METHOD and not (
            isinstance(handle, model.Borrow) and handle.resource is function.resource
        ):
            raise self.fail(f"the method `{function.name}` does not take its resource first")
        made = function.result.kind if isinstance(function.result, TypeDef) else None
        if isinstance(made, model.Result):
            made = made.ok.kind if isinstance(made.ok, TypeDef) else None
        if function.kind is FunctionKind.CONSTRUCTOR and not (
            isinstance(made, model.Own) and made.resource is function.resource
        ):
            raise self.fail(f"the constructor `{function.name}` does not return its resource")

    def value(self, type_: ValType) -> Type:
        """The type of a value: a primitive, a named type, or an anonymous type, which is made when it is first met."""
        if isinstance(type_, str):
            return model.Primitive(type_)
        found = self.known.get(type_)
        if found is not None:
            return found
        if isinstance(type_.kind, _NAMED):
            raise self.fail(f"a {type(type_.kind).__name__.lower()} type without a name")
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.fail(f"types nest more than {_DEPTH} levels deep")
        kind = self.kind(type_.kind)
        self.depth -= 1
        made = TypeDef(name=None, kind=kind, owner=None)
        self.resolve.types.append(made)
        self.known[type_] = made
        return made

    def kind(self, kind: types.Kind) -> model.TypeKind:
        match kind:
            case types.Primitive(name):
                return model.Alias(model.Primitive(name))
            case types.Record(fields):
                return model.Record([model.Field(name=n, type=self.value(t)) for n, t in fields])
            case types.Variant(cases):
                return model.Variant([model.Case(name=n, type=self.optional(t)) for n, t in cases])
            case types.Enum(names):
                return model.Enum([model.Case(name=n) for n in names])
            case types.Flags(names):
                return model.Flags([model.Case(name=n) for n in names])
            case types.Tuple(elements):
                return model.Tuple([self.value(t) for t in elements])
            case types.Option(t):
                return model.Option(self.value(t))
            case types.Result(ok, err):
                return model.Result(self.optional(ok), self.optional(err))
            case types.List(t):
                return model.List(self.value(t))
            case types.FixedLengthList(t, length):
                return model.FixedLengthList(self.value(t), length)
            case types.Map(key, value):
                return model.Map(self.value(key), self.value(value))
            case types.Own(resource):
                return model.Own(self._resource(resource))
            case types.Borrow(resource):
                return model.Borrow(self._resource(resource))
            case types.Future(payload):
                return model.Future(self.optional(payload))
            case types.Stream(payload):
                return model.Stream(self.optional(payload))

    def optional(self, type_: ValType | None) -> Type | None:
        return None if type_ is None else self.value(type_)

    def _resource(self, resource: Resource) -> TypeDef:
        found = self.known.get(resource)
        if found is None:
            raise self.fail("a handle of a resource that has no name")
        return found
