"""The limits of jco, whose `transpile` makes JavaScript of a component.

jco 1.35.0 transpiles every kind of type, asynchronous functions, labelled interfaces and external ids. Node.js 20 runs
all of that except asynchronous functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from witkit.checks.features import Feature, features
from witkit.checks.targets.limit import LIMITED, Limit
from witkit.ir.model import World


def jco(world: World, version: str) -> Iterator[Limit]:
    """What needs more than any JavaScript engine has."""
    for feature, span in features(world):
        if feature is Feature.ASYNC:
            message = "jco needs an engine with `WebAssembly.promising` for an `async func`"
            yield Limit(LIMITED, message, span, "use an engine with JavaScript Promise Integration")
