"""The limits of wasmtime-py, the component API of the package `wasmtime`: 49.0.0 and 50.0.1 have the same.

witkit's own runtime, which calls the C library in another way, can do some of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from witkit.checks.features import Feature, features
from witkit.checks.targets.limit import ITEM, LIMITED, TYPE, Limit
from witkit.ir.model import World

LIMITS: Final = {
    Feature.MAP: (TYPE, "wasmtime-py has no values for `map`", "use `list<tuple<key, value>>`"),
    Feature.FIXED_LENGTH_LIST: (
        TYPE,
        "wasmtime-py cannot compile a component with lists of a fixed length",
        "use a list or a tuple",
    ),
    Feature.ERROR_CONTEXT: (
        TYPE,
        "wasmtime-py cannot compile a component with `error-context`",
        "use a type of the package for errors",
    ),
    Feature.STREAM: (TYPE, "wasmtime-py has no values for `stream`", "use a resource with a function that reads"),
    Feature.FUTURE: (TYPE, "wasmtime-py has no values for `future`", "use a resource with a function that waits"),
    Feature.ASYNC: (
        ITEM,
        "wasmtime-py can neither provide nor call an `async func`",
        "use a function without `async`",
    ),
    Feature.LABEL: (
        LIMITED,
        "wasmtime-py compiles an interface under another name only if a setting allows it",
        "set `wasm_component_model_implements` of its `Config`",
    ),
    Feature.EXTERNAL_ID: (
        LIMITED,
        "wasmtime-py compiles `@external-id` only if a setting allows it",
        "set `wasm_component_model_implements` of its `Config`",
    ),
}


def wasmtime_py(world: World, version: str) -> Iterator[Limit]:
    """What a host with wasmtime-py cannot do with a component of a world."""
    for feature, span in features(world):
        rule, message, help = LIMITS[feature]
        yield Limit(rule, message, span, help)
