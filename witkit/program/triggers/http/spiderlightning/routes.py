"""Tables of routes: which function of the guest answers a method and a path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

REST: Final = "*"
"""The last part of a route that takes what is left of a path."""


class BadRoute(ValueError):
    """A route or a base that cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a pattern of paths, with the name of the function that answers them."""

    method: str
    pattern: str
    handler: str
    parts: tuple[str, ...]

    @property
    def shape(self) -> tuple[str, ...]:
        """The parts without the names of parameters: routes with the same one match the same paths."""
        return tuple(":" if part.startswith(":") else part for part in self.parts)

    def match(self, parts: list[str]) -> list[tuple[str, str]] | None:
        """The parameters in the parts of a path, or None if it does not match."""
        wanted = self.parts
        found = []
        if wanted[-1:] == (REST,):
            if len(parts) < len(wanted):
                return None
            wanted, rest = wanted[:-1], parts[len(wanted) - 1 :]
            parts = parts[: len(wanted)]
            found.append((REST, "/".join(rest)))
        if len(parts) != len(wanted):
            return None
        named = []
        for part, given in zip(wanted, parts, strict=True):
            if part.startswith(":"):
                if not given:
                    return None
                named.append((part[1:], given))
            elif part != given:
                return None
        return named + found


@dataclass(frozen=True, slots=True)
class Routes:
    """A table of routes below a base. It never changes: `added` gives another one."""

    base: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    _by_parts: dict[tuple[str, ...], dict[str, Route]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Routes without parameters, by method."""
    _by_path: dict[str, dict[str, Route]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The same, by the path that need not be decoded: a `/` in a part is written otherwise."""

    def __post_init__(self) -> None:
        for route in self.routes:
            if not any(part.startswith(":") or part == REST for part in route.parts):
                self._by_parts.setdefault(route.parts, {})[route.method] = route
        for parts, found in self._by_parts.items():
            if not any("/" in part or "%" in part for part in parts):
                self._by_path["/" + "/".join(parts)] = found

    @classmethod
    def below(cls, base: str) -> Routes:
        """A table without routes, for paths below the path of an address. Raises BadRoute."""
        try:
            split = urlsplit(base)
        except ValueError as wrong:
            raise BadRoute(f"`{base}` is not an address: {wrong}") from None
        if split.query or split.fragment:
            raise BadRoute(f"`{base}` cannot be a base: it has a query or a fragment")
        path = split.path or "/"
        if not path.startswith("/"):
            raise BadRoute(f"`{base}` cannot be a base: its path does not begin with `/`")
        return cls(base=_checked(path, base))

    def added(self, method: str, pattern: str, handler: str) -> Routes:
        """The table with one more route. Raises BadRoute for one that cannot match or is there already."""
        if not pattern.startswith("/"):
            raise BadRoute(f"`{pattern}` is not a route: it does not begin with `/`")
        parts = (*self.base, *_checked(pattern, pattern))
        names = [part for part in parts if part.startswith(":")]
        if len(set(names)) < len(names):
            raise BadRoute(f"`{pattern}` has two parameters of one name")
        new = Route(method, "/" + "/".join(parts), handler, parts)
        if any((each.method, each.shape) == (method, new.shape) for each in self.routes):
            raise BadRoute(f"there is a route for {method} `{pattern}` already")
        return replace(self, routes=(*self.routes, new))

    def find(self, path: str) -> tuple[dict[str, Route], dict[str, list[tuple[str, str]]]]:
        """The routes that match a percent-encoded path, and their parameters, by method.

        Routes without parameters come first, then those that were added first. Raises UnicodeDecodeError for a path
        that is not UTF-8.
        """
        if (literal := self._by_path.get(path)) is not None and len(self._by_parts) == len(self.routes):
            return literal, {}
        parts = _parts(path)
        found, params = dict(self._by_parts.get(tuple(parts), {})), {}
        for route in self.routes:
            if route.method not in found and (named := route.match(parts)) is not None:
                found[route.method], params[route.method] = route, named
        return found, params

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes)


def _parts(path: str) -> list[str]:
    """The decoded parts of a path. One slash at the end makes no difference."""
    return [unquote_to_bytes(part).decode("utf-8") for part in path.removesuffix("/").split("/")[1:]]


def _checked(path: str, whole: str) -> tuple[str, ...]:
    parts = _parts(path)
    if any(part in (".", "..", ":") for part in parts) or "" in parts:
        raise BadRoute(f"`{whole}` has a part that no path matches")
    if REST in parts[:-1]:
        raise BadRoute(f"`{whole}` has a `{REST}` that is not its last part")
    return tuple(parts)
