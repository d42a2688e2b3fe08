"""The limits that a backend declares, checked before anything is sent."""

from __future__ import annotations

from witkit.text import values

from .failure import Failure, Kind


@values.value(frozen=True, slots=True)
class Limits:
    """The most bytes that a backend takes. None is as much as there is room for.

    `name` is for the UTF-8 of the name of a store, database, container …, `key` for that of a key, an object's name or
    a lock's name, `value` for one value or object.
    """

    name: int | None = None
    key: int | None = None
    value: int | None = None

    def check_name(self, name: str) -> None:
        """Raise Failure (INVALID_NAME) if the name is too long or not valid Unicode."""
        encoded = _encoded(name, Kind.INVALID_NAME)
        if self.name is not None:
            _check(self.name, len(encoded), Kind.INVALID_NAME, "the name")

    def check_key(self, key: str | bytes) -> None:
        """Raise Failure (INVALID_KEY) if the key is too long or not valid Unicode."""
        encoded = key if isinstance(key, bytes) or key.isascii() else _encoded(key, Kind.INVALID_KEY)
        if self.key is not None:
            _check(self.key, len(encoded), Kind.INVALID_KEY, "the key")

    def check_value(self, size: int) -> None:
        """Raise Failure (INVALID_VALUE) for a value of more bytes."""
        if self.value is not None:
            _check(self.value, size, Kind.INVALID_VALUE, "the value")


def _check(limit: int, size: int, kind: Kind, what: str) -> None:
    if size > limit:
        raise Failure(kind, f"{what} has {size:,} bytes, and the limit is {limit:,}")


def _encoded(text: str, kind: Kind) -> bytes:
    """The text in UTF-8. Components cannot pass lone surrogates, but Python programs can."""
    try:
        return text.encode()
    except UnicodeEncodeError as wrong:
        what = "name" if kind is Kind.INVALID_NAME else "key"
        raise Failure(kind, f"the {what} has a lone surrogate at {wrong.start}") from None
