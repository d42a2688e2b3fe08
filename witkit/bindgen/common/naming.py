"""From WIT names to Python names: the rules of componentize-py (those of Rust's `heck`), and free names."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterable

# A word ends before an upper-case letter that follows a lower-case one, and before the last letter of a
# run of capitals that goes on in lower case. Digits belong to the word that they are in.
_BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[a-z][0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")


def words(name: str) -> list[str]:
    """The words of a WIT name in lower case: `list-keys` → list, keys; `HTTPError` → http, error."""
    parts = (part for part in _SEPARATOR.split(name) if part)
    return [word.lower() for part in parts for word in _BOUNDARY.split(part)]


def escape(name: str) -> str:
    """A reserved word gets an underscore; soft keywords and builtins keep their name."""
    return f"{name}_" if keyword.iskeyword(name) else name


def snake(name: str) -> str:
    """`list-keys` → `list_keys`: functions, parameters, fields, modules."""
    return escape("_".join(words(name)))


def camel(name: str) -> str:
    """`key-response` → `KeyResponse`: types, cases, protocols. `dns-ERR` → `DnsErr`."""
    return escape("".join(word[:1].upper() + word[1:] for word in words(name)))


def shouty(name: str) -> str:
    """`hot-pink` → `HOT_PINK`: members of enums and flags."""
    return "_".join(words(name)).upper()


def package(name: str) -> str:
    """The Python package of a world: its name, unless Python or witkit has a module of that name already.

    A package `types` or `json` in a folder that Python searches would break whatever imports Python's own.
    """
    module = snake(name)
    return f"{module}_world" if module in sys.stdlib_module_names or module == "witkit" else module


def case_class(variant: str, case: str) -> str:
    """The class of a variant's case: `V_Case`, each part escaped by itself."""
    return f"{camel(variant)}_{camel(case)}"


def is_inherited(field: str) -> bool:
    """Whether every class has an attribute of this name, `mro`: a dataclass takes it for the field's default."""
    return hasattr(type, field)


class Names:
    """The names of one namespace, each given once."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def claim(self, *wanted: str) -> str:
        """The first of the wanted names that is free; if none is, the last with `_` or a number."""
        for name in wanted:
            if name not in self._taken:
                self._taken.add(name)
                return name
        return self.claim(*_variations(wanted[-1], len(self._taken)))


def _variations(name: str, count: int) -> Iterable[str]:
    yield f"{name}_"
    yield from (f"{name}_{number}" for number in range(2, count + 3))
