"""Changes of a function: every one of them breaks, because the types of functions must be equal."""

from __future__ import annotations

from witkit.checks.diff.changes import Around, Changes, names
from witkit.checks.diff.documents import compare_documents
from witkit.checks.diff.kinds import Kind
from witkit.checks.diff.match import Pair
from witkit.checks.diff.types import Likeness, likeness
from witkit.ir.model import Function, FunctionKind, Param, Type
from witkit.ir.show.types import type_text


def path_of(function: Function) -> str:
    """The name of a function in its interface: `get`, `bucket.get`."""
    resource = function.resource.name if function.resource else None
    return f"{resource}.{function.item_name}" if resource else function.item_name


def compare_function(changes: Changes, around: Around, pair: Pair[Function]) -> None:
    """Compare a function that one or both sides have."""
    old, new = pair.old, pair.new
    function = new or old
    assert function is not None
    changes.compared(old, new)
    at = around.inside(path_of(function), old, new)
    if old is None:
        changes.add(Kind.FUNCTION_ADDED, at, f"`{at.name}` is new in `{around.name}`")
    elif new is None:
        changes.add(Kind.FUNCTION_REMOVED, at, f"`{at.name}` is gone from `{around.name}`")
    else:
        _compare(changes, at, old, new)
        compare_documents(changes, at, old, new)


def _compare(changes: Changes, at: Around, old: Function, new: Function) -> None:
    if old.kind is not new.kind:
        message = f"`{at.name}` was a {_kind(old)} and is a {_kind(new)}"
        changes.add(Kind.FUNCTION_KIND_CHANGED, at, message)
    if old.is_async is not new.is_async:
        words = ("asynchronous", "synchronous") if new.is_async else ("synchronous", "asynchronous")
        changes.add(Kind.ASYNC_CHANGED, at, f"`{at.name}` is {words[0]}; it was {words[1]}")
    _compare_params(changes, at, old.declared_params, new.declared_params)
    like = likeness(changes.match, old.result, new.result)
    if like is not Likeness.EQUAL:
        kind = Kind.RESULT_CHANGED if like is Likeness.DIFFERENT else Kind.TYPE_NAME_CHANGED
        changes.add(kind, at, f"`{at.name}` returned {_text(old.result)} and returns {_text(new.result)}")


def _compare_params(changes: Changes, at: Around, old: list[Param], new: list[Param]) -> None:
    before, after = {p.name: p for p in old}, {p.name: p for p in new}
    removed, added = ([p for p in a.values() if p.name not in b] for a, b in ((before, after), (after, before)))
    if len(removed) == len(added) and [p.name in after for p in old] == [p.name in before for p in new]:
        for one, other in zip(removed, added, strict=True):
            within = at.inside(f"({other.name})", one, other, "")
            message = f"parameter `{one.name}` of `{at.name}` is called `{other.name}`"
            changes.add(Kind.PARAMETER_RENAMED, within, message)
            _compare_param(changes, at, one, other)
    else:
        for param in removed:
            within, message = at.inside(f"({param.name})", param, None, ""), f"`{at.name}` has lost a parameter"
            changes.add(Kind.PARAMETER_REMOVED, within, f"{message}, `{param.name}: {type_text(param.type)}`")
        for param in added:
            within, message = at.inside(f"({param.name})", None, param, ""), f"`{at.name}` has one more parameter"
            changes.add(Kind.PARAMETER_ADDED, within, f"{message}, `{param.name}: {type_text(param.type)}`")
    kept_before, kept_after = [n for n in before if n in after], [n for n in after if n in before]
    if kept_before != kept_after:
        message = f"the parameters of `{at.name}` were {names(kept_before)} and are {names(kept_after)}"
        changes.add(Kind.PARAMETERS_REORDERED, at, message)
    for name in kept_after:
        _compare_param(changes, at, before[name], after[name])


def _compare_param(changes: Changes, at: Around, old: Param, new: Param) -> None:
    like = likeness(changes.match, old.type, new.type)
    if like is not Likeness.EQUAL:
        kind = Kind.PARAMETER_TYPE_CHANGED if like is Likeness.DIFFERENT else Kind.TYPE_NAME_CHANGED
        message = f"parameter `{new.name}` of `{at.name}` was {_text(old.type)} and is {_text(new.type)}"
        changes.add(kind, at.inside(f"({new.name})", old, new, ""), message)


def _kind(function: Function) -> str:
    return {FunctionKind.FREE: "function", FunctionKind.STATIC: "static function"}.get(
        function.kind, function.kind.value
    )


def _text(type_: Type | None) -> str:
    return "nothing" if type_ is None else f"`{type_text(type_)}`"
