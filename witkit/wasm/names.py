"""Parse the names of imports and exports (`Explainer.md`, import and export definitions)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

_LABEL = r"(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*"
_LOWER_LABEL = r"[a-z][0-9a-z]*(?:-[0-9a-z]+)*"
_PARTS = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_SEMVER = rf"[0-9]+\.[0-9]+\.[0-9]+(?:-{_PARTS})?(?:\+{_PARTS})?"
_VERSION = rf"(?:{_SEMVER}|[0-9]+(?:\.[0-9]+)?)"
_NAME = re.compile(
    rf"(?P<label>{_LABEL})"
    rf"|\[constructor\](?P<made>{_LABEL})"
    rf"|\[(?P<how>method|static)\](?P<resource>{_LABEL})\.(?P<member>{_LABEL})"
    rf"|(?P<namespace>{_LOWER_LABEL}):(?P<package>{_LOWER_LABEL})/(?P<interface>{_LABEL})(?:@(?P<version>{_VERSION}))?"
)
# Names for the location of code, which interfaces do not have.
_PACKAGE = f"{_LOWER_LABEL}:{_LOWER_LABEL}"
_RANGE = rf"(?:@\*|@\{{(?:>={_SEMVER}|<{_SEMVER}|>={_SEMVER} <{_SEMVER})\}})?"
_HASH = r"sha(?:256|384|512)-[0-9A-Za-z+/]+={0,2}(?:\?[!-;=?-~]*)?"
_INTEGRITY = rf"integrity=<\s*{_HASH}(?:\s+{_HASH})*\s*>"
_PLACE = re.compile(
    rf"unlocked-dep=<{_PACKAGE}{_RANGE}>"
    rf"|(?:locked-dep=<{_PACKAGE}(?:@{_SEMVER})?>|url=<[^<>]*>)(?:,{_INTEGRITY})?"
    rf"|{_INTEGRITY}"
)
_ONE_LABEL = re.compile(_LABEL)


class NameKind(Enum):
    LABEL = auto()
    CONSTRUCTOR = auto()
    METHOD = auto()
    STATIC = auto()
    INTERFACE = auto()
    PLACE = auto()


@dataclass(frozen=True, slots=True)
class Name:
    """`resource` is in the names of its functions, `member` in those of its methods and static functions, the last four
    in `namespace:package/interface@version`."""

    kind: NameKind
    resource: str = ""
    namespace: str = ""
    package: str = ""
    interface: str = ""
    version: str | None = None
    member: str = ""


def is_label(text: str) -> bool:
    """Whether this is a valid name in WIT: words in lower or upper case, joined by single hyphens."""
    return _ONE_LABEL.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def parse_name(text: str) -> Name | None:
    """What a name says; None if it is not valid."""
    match = _NAME.fullmatch(text)
    if match is None:
        return Name(NameKind.PLACE) if _PLACE.fullmatch(text) else None
    found = match.groupdict()
    if found["label"]:
        return Name(NameKind.LABEL)
    if found["made"]:
        return Name(NameKind.CONSTRUCTOR, resource=found["made"])
    if found["how"]:
        kind = NameKind.METHOD if found["how"] == "method" else NameKind.STATIC
        return Name(kind, resource=found["resource"], member=found["member"])
    return Name(
        NameKind.INTERFACE,
        namespace=found["namespace"],
        package=found["package"],
        interface=found["interface"],
        version=found["version"],
    )
