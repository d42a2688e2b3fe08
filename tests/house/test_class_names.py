"""Two classes of different packages have one name only if they are one thing, or are the field's words for two."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

MODELS = {"syntax/nodes.py", "ir/model.py", "wasm/types.py", "abi/types.py"}
"""Each has what a component type is made of: as it is written, resolved, in bytes, and bound to Python."""

SHARED = {
    "one for each backend": "FileSettings FilesystemSettings Given MemorySettings NatsSettings PostgresqlSettings "
    "RedisSettings SqliteSettings Subscription",
    "one for each interface or version of it": "Draft Draft2 HttpClient Sql Store Handler Request Response",
    "one for each target": "FunctionView ResourceView",
    "a protocol, and what implements it": "ComponentInstance Machine Memory Running State Tools",
    "a protocol, and what `open` gives": "KeyValue Locks Messages",
    "what a side offers": "Called Exporting Guest Prepared",
    "the options of a canonical definition": "Options",
    "a component type, and what it is at run time": "Component Future Handle Instance Resource Stream",
    "an alias in WIT, and in a binary": "Alias",
    "the limits of a backend, and those of an instance": "Limits Room",
    "what one walk or one run knows": "Context Kind Settings Workers",
    "WASI's error": "Error",
}
"""The names that classes of several modules have on purpose, and what they have in common."""


def classes(folder: Path) -> dict[str, set[str]]:
    """The modules that define a public class, by the name of the class. Generated packages are not looked at."""
    found = defaultdict[str, set[str]](set)
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        if name.startswith("interfaces/"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].add(name)
    return found


def test_classes_of_one_name_are_of_one_kind(repository: Path) -> None:
    shared = {
        name
        for name, modules in classes(repository / "witkit").items()
        if len(modules - MODELS) + bool(modules & MODELS) > 1
    }
    allowed = {name for names in SHARED.values() for name in names.split()}
    assert sorted(shared - allowed) == [], "give one of the classes another name"
    assert sorted(allowed - shared) == [], "no longer shared"
