"""The standard library of a component's Python, and which of it is in memory after a guest was imported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("library.json")
_BINDINGS: Final = ("abc", "dataclasses", "enum", "types", "typing", "weakref")
"""The imports of the bindings that componentize-py generates for each guest."""
_BUNDLED: Final = (
    "componentize_py_types",
    "componentize_py_async_support",
    "componentize_py_async_support.futures",
    "componentize_py_async_support.streams",
    "componentize_py_runtime",
    "poll_loop",
)
_BUNDLED_NAMES: Final = {
    "componentize_py_types": ("E", "Err", "Generic", "Ok", "Result", "S", "Some", "T", "TypeVar", "Union", "dataclass"),
}
_TOOLS: Final = ("bdb", "code", "doctest", "pdb", "pydoc", "rlcompleter", "unittest", "venv", "webbrowser", "_pyrepl")
"""Modules that functions of the standard library import only for users at a terminal."""
_DATABASES: Final = ("dbm.dumb", "dbm.sqlite3")
_UNSEEN: Final = {"datetime": ("_strptime",), "dbm": _DATABASES, "shelve": _DATABASES, "time": ("_strptime",)}
"""Modules that functions import in C, or by a name that they compute, which no import in Python text shows."""


@dataclass(frozen=True, slots=True)
class Library:
    """The standard library that componentize-py puts into a component.

    `fails` has the modules that cannot be imported, with the module that they lack, or with the message. `removed` are
    modules of older Pythons. `names` are the names in a module, if they are certain. `loaded` modules are in memory
    from the beginning or built in. `early` has what each module imports at its top, `late` what its functions import.
    `closed` are classes and functions that do not work, with what they raise.
    """

    componentize_py: str
    python: tuple[int, int, int]
    loaded: frozenset[str]
    fails: Mapping[str, str]
    removed: frozenset[str]
    names: Mapping[str, frozenset[str]]
    early: Mapping[str, tuple[str, ...]]
    late: Mapping[str, tuple[str, ...]]
    closed: Mapping[str, str]

    @property
    def version(self) -> str:
        """The short version: `3.14`."""
        return f"{self.python[0]}.{self.python[1]}"

    def has(self, module: str) -> bool:
        """Whether the module can be imported in a build."""
        return module in self.early or module in _BUNDLED

    def takes_name(self, module: str) -> bool:
        """Whether the standard library has a module with this name, even a failing one, which hides the guest's own."""
        top = _top(module)
        return top in self.early or self.fails.get(top, top) != top

    def is_standard(self, module: str) -> bool:
        """Whether the name belongs to this standard library, or to that of an older Python."""
        top = _top(module)
        return top in self.early or top in self.fails or top in self.removed

    def lacks(self, module: str) -> str | None:
        """Why a module of the standard library cannot be imported, or None if it can be or is another module."""
        if not self.is_standard(module) or self.has(module):
            return None
        top = _top(module)
        if top in self.removed:
            return f"a component has Python {self.version}, which no longer has `{top}`"
        missing = self.fails.get(module) or self.fails.get(top) or module
        if missing.isidentifier() and missing != module:
            return f"the Python of a component does not have `{module}`, because it needs `{missing}`"
        return f"the Python of a component does not have `{module}`"

    def lacks_name(self, module: str, name: str) -> bool:
        """Whether a module certainly does not have a name or a submodule."""
        known = self.names.get(module)
        if known is None or name.startswith("_") or name == "*":
            return False
        return name not in known and not self.has(f"{module}.{name}")

    def in_memory(self, imported: Iterable[str] = ()) -> set[str]:
        """The modules that are in memory or built in after these were `imported`."""
        return self._with_imports([*self.loaded, *_BINDINGS, *imported]) | set(_BUNDLED[:1])

    def needed_later(self, imported: Iterable[str]) -> list[str]:
        """The modules that functions of the imported modules import when they are called, sorted by name.

        Of the modules that are in every component, only those that the guest imports itself are followed. Imports in
        functions are followed further only within a package, because they would lead to most of the standard library.
        """
        own = {name for name in imported if self.has(name)}
        reached = own | (self._with_imports(own) - self.in_memory())
        wanted: set[str] = set()
        waiting = list(reached)
        while waiting:
            name = waiting.pop()
            for late in (*self.late.get(name, ()), *_UNSEEN.get(name, ())):
                if late not in wanted and _top(late) not in _TOOLS:
                    wanted.add(late)
                    package = {each for each in self._with_imports([late]) - reached if _top(each) == _top(name)}
                    reached |= package
                    waiting += package
        return sorted(wanted - self.in_memory(own))

    def submodules(self, package: str) -> list[str]:
        """The public modules in a package, with the name of the package."""
        return sorted(name for name in self.early if name.startswith(f"{package}.") and "._" not in name)

    @property
    def public(self) -> list[str]:
        """The public top-level modules."""
        return sorted(name for name in self.names if "." not in name and not name.startswith("_"))

    @property
    def encodings(self) -> list[str]:
        """The modules of text encodings."""
        return sorted(name for name in self.early if name.startswith("encodings."))

    def _with_imports(self, modules: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = [name for module in modules for name in with_parents(module)]
        while waiting:
            if (name := waiting.pop()) not in found:
                found.add(name)
                waiting += (each for imported in self.early.get(name, ()) for each in with_parents(imported))
        return found


def _top(module: str) -> str:
    return module.partition(".")[0]


def with_parents(module: str) -> Iterator[str]:
    """The names of a module's packages, then its own."""
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


@cache
def library() -> Library:
    """The standard library of the release of componentize-py that witkit uses."""
    kept = json.loads(_FILE.read_text(encoding="utf-8"))
    lists = {key: {name: text.split() for name, text in kept[key].items()} for key in ("names", "early", "late")}
    return Library(
        kept["componentize-py"],
        tuple(kept["python"]),
        frozenset(kept["loaded"]),
        kept["fails"],
        frozenset(kept["removed"]),
        {name: frozenset(names) for name, names in {**lists["names"], **_BUNDLED_NAMES}.items()},
        {name: tuple(names) for name, names in lists["early"].items()},
        {name: tuple(names) for name, names in lists["late"].items()},
        kept["closed"],
    )
