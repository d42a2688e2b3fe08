"""`wasi:config/store`, whose versions all have the same functions, over backends for settings.

The interface opens no set by name. The setting `set` of the backend says which set it reads; without it, the label of
the import is the name of the set, or else it is the set without a name.
"""

from __future__ import annotations

from typing import Final

from witkit.backends.configs.protocol import Configs, value_of
from witkit.backends.failure import Failure, Kind
from witkit.backends.fronts.failures import Cases
from witkit.backends.selector import Selector
from witkit.interfaces.wasi_config import store as api

CASES: Final = Cases(
    api.Error_Upstream,
    dict.fromkeys((Kind.IO, Kind.UNREACHABLE, Kind.TIMEOUT, Kind.PROTOCOL, Kind.FULL), api.Error_Io),
)


class Store:
    """`interface store`: the implementation for an import."""

    def __init__(self, selector: Selector[Configs]) -> None:
        default = selector.default
        self._name = (default.default_set if default is not None else "") or selector.label
        self._selector = selector

    def get(self, key: str) -> str | None:
        """The value of a setting, which must be a text. Raises `upstream` and `io`."""
        with CASES.raised("config get"):
            value = value_of(self._selector(self._name), self._name, key)
            return None if value is None else _text(key, value)

    def get_all(self) -> list[tuple[str, str]]:
        """All settings, in ascending order of the code points of their keys. Raises `upstream` and `io`."""
        with CASES.raised("config get-all"):
            found = self._selector(self._name).all(self._name)
            return [(key, _text(key, value)) for key, value in sorted(found.items())]


def _text(key: str, value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise Failure(Kind.INVALID_VALUE, f"the setting `{key}` is not a text in UTF-8") from None
