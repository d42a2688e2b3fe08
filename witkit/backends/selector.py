"""Which backend answers for a name that a guest opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from typing import Generic, TypeVar

from witkit.text.values import value

from .backend import Opened
from .failure import Failure, Kind

T = TypeVar("T", bound=Opened)


@value(frozen=True, slots=True)
class Selector(Generic[T]):
    """The open backends of one import: by the name that the guest opens, and the one for all other names.

    `label` is the import's own name, or empty if it is imported by the name of its interface.
    """

    default: T | None
    names: Mapping[str, T] = field(default_factory=dict)
    label: str = ""

    def __call__(self, name: str) -> T:
        """The backend for a name. Raises Failure (INVALID_NAME) if only other names are configured."""
        found = self.names.get(name, self.default)
        if found is None:
            raise Failure(Kind.INVALID_NAME, f"nothing is configured under the name `{name}`")
        found.limits.check_name(name)
        return found

    def of_import(self, name: str) -> Selector[T]:
        """The selector of the import with this name: if it is a label that is configured, every name leads there."""
        if ":" in name or not name:
            return self
        return Selector(self.names[name], label=name) if name in self.names else replace(self, label=name)

    def __iter__(self) -> Iterator[T]:
        """All backends, each once."""
        every = [*([] if self.default is None else [self.default]), *self.names.values()]
        return iter({id(each): each for each in every}.values())
