"""Functions as views: names of parameters, annotations, documentation."""

from __future__ import annotations

from witkit.bindgen.common import docs
from witkit.bindgen.common.abi_text import kind
from witkit.bindgen.common.naming import Names, snake
from witkit.bindgen.host.spelling import Speller
from witkit.bindgen.host.views import FunctionView, ParamView
from witkit.ir.model import Function, FunctionKind, Result, Type, TypeDef, unalias

_FALLBACK = {
    FunctionKind.FREE: "The function `{0}`.",
    FunctionKind.METHOD: "The method `{0}` of `{1}`.",
    FunctionKind.STATIC: "The static function `{0}` of `{1}`.",
    FunctionKind.CONSTRUCTOR: "Make a new `{1}`.",
}


def direct_result(function: Function) -> Result | None:
    """The `result` that a function returns directly: its ok side is returned, its error side raised."""
    defined = unalias(function.result) if function.result is not None else None
    return defined.kind if isinstance(defined, TypeDef) and isinstance(defined.kind, Result) else None


def function_view(spell: Speller, function: Function, members: Names) -> FunctionView:
    """The view of a function whose name is claimed among `members` of its class."""
    spell, names = spell.fresh(), Names({"self", "cls"})
    params = tuple(
        ParamView(names.claim(snake(p.name)), p.name, spell.annotation(p.type)) for p in function.declared_params
    )
    result = direct_result(function)
    name = _name(function, members)
    # Only the documentation has it: nothing is imported for that.
    raises = None if result is None else spell.fresh().annotation(result.err)
    returns, deprecated = _returns(spell, function, result), _deprecated(function)
    if deprecated:
        spell.use("witkit.abi", "deprecated")
    if function.kind is FunctionKind.STATIC:
        spell.builtin("classmethod")
    return FunctionView(
        name,
        function.name,
        kind(function),
        params,
        returns,
        raises,
        _docs(function, raises),
        function.is_async,
        deprecated,
        names.claim("result"),
        ()
        if name in ("__init__", snake(function.item_name))
        else (f"`{function.item_name}` in WIT; that name is taken here.",),
        spell.imports,
    )


def _name(function: Function, members: Names) -> str:
    if function.kind is FunctionKind.CONSTRUCTOR:
        return "__init__"
    return members.claim(snake(function.item_name))


def _returns(spell: Speller, function: Function, result: Result | None) -> str:
    if function.kind is FunctionKind.CONSTRUCTOR:
        return "None"
    returned: Type | None = result.ok if result else function.result
    return spell.annotation(returned)


def _docs(function: Function, raises: str | None) -> str:
    where = function.resource.name if function.resource else ""
    text = docs.text(function.docs, _FALLBACK[function.kind].format(function.item_name, where))
    if raises is None:
        return text
    carried = "without a value" if raises == "None" else f"with a value of type `{raises}`"
    return f"{text}\n\nRaises:\n    Err: {carried}."


def _deprecated(function: Function) -> str | None:
    version = function.stability.deprecated if function.stability else None
    return f"deprecated since version {version}" if version else None
