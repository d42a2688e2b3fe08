"""Which features of WIT the releases of WASI have adopted, and where a text uses them."""

from __future__ import annotations

from typing import Final

from witkit._semver import version_key
from witkit.checks.features import Feature
from witkit.syntax import nodes
from witkit.text import Span

SINCE: Final = {
    Feature.ASYNC: "0.3.0",
    Feature.STREAM: "0.3.0",
    Feature.FUTURE: "0.3.0",
    Feature.MAP: "0.3.1",
    Feature.LABEL: "0.3.1",
    Feature.EXTERNAL_ID: "0.3.1",
    Feature.FIXED_LENGTH_LIST: None,
    Feature.ERROR_CONTEXT: None,
}
"""The first release with each feature; None if no release has it. The releases of 0.2 have none of them."""

_CONSTRUCTORS: Final = {"map": Feature.MAP, "stream": Feature.STREAM, "future": Feature.FUTURE}


def is_adopted(feature: Feature, release: str) -> bool:
    """Whether a release has a feature."""
    since = SINCE[feature]
    return since is not None and not is_later(since, release)


def is_later(version: str, release: str) -> bool:
    """Whether a version comes after a release."""
    return version_key(version) > version_key(release)


def used_feature(node: nodes.Node) -> tuple[Feature, Span] | None:
    """The feature that a node of a tree uses by itself, with the place to show."""
    match node:
        case nodes.Primitive(name="error-context"):
            return Feature.ERROR_CONTEXT, node.span
        case nodes.Generic(constructor="list") if node.length is not None:
            return Feature.FIXED_LENGTH_LIST, node.span
        case nodes.Generic() if node.constructor in _CONSTRUCTORS:
            return _CONSTRUCTORS[node.constructor], node.span
        case nodes.Signature(is_async=True):
            return Feature.ASYNC, node.span
        case nodes.Extern(name=nodes.Id() as label, kind=nodes.Path()):
            return Feature.LABEL, label.span
        case nodes.Attribute() if node.name.name == "external-id":
            return Feature.EXTERNAL_ID, node.span
    return None
