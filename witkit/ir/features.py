"""Which `@unstable` features are on while packages are read."""

from __future__ import annotations

from witkit.text.values import value


@value(frozen=True, slots=True)
class Features:
    """Names of the features that are on; `all` turns every feature on."""

    names: frozenset[str] = frozenset()
    all: bool = False

    def has(self, feature: str) -> bool:
        return self.all or feature in self.names


NONE = Features()
ALL = Features(all=True)
