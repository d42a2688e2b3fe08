"""The limits of jco: of the guests that `jco componentize` builds, and of the JavaScript that `jco transpile` makes.

Guests were built of every kind of type and item, with both engines: componentize-js 0.23.0, the default, and QuickJS
(`--backend quickjs`, componentize-qjs 0.4.5). They ran with the least and the greatest values of each type.
jco 1.35.0 transpiles every kind of type, asynchronous functions, labelled interfaces and external ids. Node.js 20 runs
all of that except asynchronous functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from witkit.checks.features import Feature, features
from witkit.checks.targets import javascript
from witkit.checks.targets.limit import LIMITED, TYPE, Limit
from witkit.ir.model import World

QUICKJS: Final = "build guests with `jco componentize --backend quickjs`"

LIMITS: Final = {
    Feature.FIXED_LENGTH_LIST: (TYPE, "jco cannot build a guest with lists of a fixed length", "use a list or a tuple"),
    Feature.ERROR_CONTEXT: (
        TYPE,
        "jco cannot build a guest with `error-context`",
        "use a type of the package for errors",
    ),
    Feature.MAP: (LIMITED, "jco's default engine cannot build a guest with `map`", QUICKJS),
    Feature.STREAM: (LIMITED, "jco's default engine cannot build a guest with `stream`", QUICKJS),
    Feature.FUTURE: (LIMITED, "jco's default engine cannot build a guest with `future`", QUICKJS),
    Feature.ASYNC: (
        LIMITED,
        "jco needs QuickJS for a guest with an `async func`, and for a host an engine with `WebAssembly.promising`",
        f"{QUICKJS}, and run hosts on an engine with JavaScript Promise Integration",
    ),
}


def jco(world: World, version: str) -> Iterator[Limit]:
    """What guests in JavaScript cannot do with a world, and what needs more than any JavaScript engine has."""
    for feature, span in features(world):
        if feature in LIMITS:
            rule, message, help = LIMITS[feature]
            yield Limit(rule, message, span, help)
    yield from javascript.clashes(world)
    yield from javascript.empty_resources(world)
    yield from javascript.numbers(world)
