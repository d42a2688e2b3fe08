"""Types and attributes as WIT text."""

from __future__ import annotations

from witkit.ir import model
from witkit.ir.model import Function, FunctionKind, Interface, PackageName, Stability, Stable, Type, TypeDef
from witkit.syntax.keywords import identifier
from witkit.syntax.strings import quote


def package_text(name: PackageName) -> str:
    version = f"@{name.version}" if name.version else ""
    return f"{identifier(name.namespace)}:{identifier(name.name)}{version}"


def path_text(interface: Interface | model.World, home: model.Package) -> str:
    """The name of an interface or world in the text of package `home`."""
    assert interface.name is not None
    if interface.package is home:
        return identifier(interface.name)
    name = interface.package.name
    version = f"@{name.version}" if name.version else ""
    return f"{identifier(name.namespace)}:{identifier(name.name)}/{identifier(interface.name)}{version}"


def type_text(type_: Type) -> str:
    """A type as it is used: its name, or its structure if it is anonymous."""
    if not isinstance(type_, TypeDef):
        return type_.value
    return structure_text(type_) if type_.name is None else identifier(type_.name)


def structure_text(type_: TypeDef) -> str:
    """The right side of `type x = …`. An anonymous owned handle is the resource's name."""
    match type_.kind:
        case model.Alias(target):
            return type_text(target)
        case model.Own(resource):
            return type_text(resource) if type_.name is None else f"own<{type_text(resource)}>"
        case model.Borrow(resource):
            return f"borrow<{type_text(resource)}>"
        case model.Tuple(types):
            return f"tuple<{', '.join(map(type_text, types))}>"
        case model.Option(t):
            return f"option<{type_text(t)}>"
        case model.List(t):
            return f"list<{type_text(t)}>"
        case model.FixedLengthList(t, length):
            return f"list<{type_text(t)}, {length}>"
        case model.Map(key, value):
            return f"map<{type_text(key)}, {type_text(value)}>"
        case model.Result(ok, err):
            return _result_text(ok, err)
        case model.Future(payload):
            return "future" if payload is None else f"future<{type_text(payload)}>"
        case model.Stream(payload):
            return "stream" if payload is None else f"stream<{type_text(payload)}>"
        case _:
            raise ValueError(f"{type_.name} cannot be written inside another type")


def _result_text(ok: Type | None, err: Type | None) -> str:
    if err is None:
        return "result" if ok is None else f"result<{type_text(ok)}>"
    return f"result<{'_' if ok is None else type_text(ok)}, {type_text(err)}>"


def signature_text(function: Function) -> str:
    """`async func(a: u32) -> string`. A constructor has only its parameters, and its result if that is fallible."""
    text = f"({', '.join(f'{identifier(p.name)}: {type_text(p.type)}' for p in function.declared_params)})"
    is_constructor = function.kind is FunctionKind.CONSTRUCTOR
    if not is_constructor:
        text = f"{'async ' if function.is_async else ''}func{text}"
    result = function.result
    if result is None or (is_constructor and not _is_fallible(result)):
        return text
    return f"{text} -> {type_text(result)}"


def _is_fallible(result: Type) -> bool:
    return isinstance(result, TypeDef) and isinstance(result.kind, model.Result)


def attribute_lines(stability: Stability | None, external_id: str | None, indent: str) -> list[str]:
    lines: list[str] = []
    if stability is not None:
        if isinstance(stability, Stable):
            lines.append(f"@since(version = {stability.since})")
        else:
            lines.append(f"@unstable(feature = {identifier(stability.feature)})")
        if stability.deprecated is not None:
            lines.append(f"@deprecated(version = {stability.deprecated})")
    if external_id is not None:
        lines.append(f"@external-id({quote(external_id)})")
    return [indent + line for line in lines]
