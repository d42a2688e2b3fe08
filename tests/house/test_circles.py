"""Modules do not import each other in circles: what is understood first can be read first."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

import grimp

# `Engine.load` makes components, which have an engine. None may be added; imports for type checkers alone make none.
KNOWN = {("witkit.runtime.engine", "witkit.runtime.component")}


def circle(modules: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(modules).prepare()
    except CycleError as found:
        return list(map(str, found.args[1]))
    return []


def test_modules_do_not_import_each_other_in_circles() -> None:
    graph = grimp.build_graph("witkit", cache_dir=None, exclude_type_checking_imports=True)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    within = {module: {other for other in others if (module, other) not in KNOWN} for module, others in imports.items()}
    assert circle(within) == []


def test_a_circle_is_noticed() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
