"""What the standard library of a component's Python has, and what is in memory once a guest has been imported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("library.json")
_BINDINGS: Final = ("abc", "dataclasses", "enum", "types", "typing", "weakref")
"""What the bindings import, which componentize-py makes for each guest."""
_BUNDLED: Final = (
    "componentize_py_types",
    "componentize_py_async_support",
    "componentize_py_async_support.futures",
    "componentize_py_async_support.streams",
    "componentize_py_runtime",
    "poll_loop",
)
_TOOLS: Final = ("bdb", "code", "doctest", "pdb", "pydoc", "rlcompleter", "unittest", "venv", "webbrowser", "_pyrepl")
"""What functions of the standard library import for somebody at a terminal, whom a component does not have."""
_FROM_C: Final = {"datetime": ("_strptime",), "time": ("_strptime",)}
"""Modules that functions written in C import: nothing in a module's text says so."""


@dataclass(frozen=True, slots=True)
class Library:
    """The standard library that componentize-py puts into a component.

    `fails` has the modules that cannot be imported, with the module that they lack, or with the message. `removed` are
    those of older Pythons. `names` are what can be taken from a module, where that is certain. `loaded` are in memory
    from the beginning or built in, `early` is what each module imports with itself, `late` what its functions import.
    `closed` are classes and functions that are there and do not work, with what they raise.
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
        """The version as people say it: `3.14`."""
        return f"{self.python[0]}.{self.python[1]}"

    def has(self, module: str) -> bool:
        """Whether the module can be imported while a component is built."""
        return module in self.early or module in _BUNDLED

    def takes_name(self, module: str) -> bool:
        """Whether Python has a module of this name there, if only one that fails: the guest's own is never found."""
        top = _top(module)
        return top in self.early or self.fails.get(top, top) != top

    def is_standard(self, module: str) -> bool:
        """Whether the name is one of the standard library: this one, or that of an older Python."""
        top = _top(module)
        return top in self.early or top in self.fails or top in self.removed

    def lacks(self, module: str) -> str | None:
        """Why a module of the standard library cannot be imported; None for one that can be, and for all others."""
        if not self.is_standard(module) or self.has(module):
            return None
        top = _top(module)
        if top in self.removed:
            return f"Python {self.version}, which a component has, has no `{top}` any more"
        missing = self.fails.get(module) or self.fails.get(top) or module
        if missing.isidentifier() and missing != module:
            return f"the Python of a component has no `{module}`: `{missing}`, which it is built on, is not there"
        return f"the Python of a component has no `{module}`"

    def lacks_name(self, module: str, name: str) -> bool:
        """Whether a module certainly has no such name, and no module below it has."""
        known = self.names.get(module)
        if known is None or name.startswith("_") or name == "*":
            return False
        return name not in known and not self.has(f"{module}.{name}")

    def in_memory(self, imported: Iterable[str] = ()) -> set[str]:
        """The modules that are in memory or built in once those that are `imported` have been."""
        return self._with_imports([*self.loaded, *_BINDINGS, *imported]) | set(_BUNDLED[:1])

    def needed_later(self, imported: Iterable[str]) -> list[str]:
        """The modules that functions of the imported ones import when they are called, in order of their names.

        Of those that are in every component only what the guest imports itself counts. What functions of a module
        import is followed further within its package only: most of the standard library would be there in the end.
        """
        own = {name for name in imported if self.has(name)}
        reached = own | (self._with_imports(own) - self.in_memory())
        wanted: set[str] = set()
        waiting = list(reached)
        while waiting:
            name = waiting.pop()
            for late in (*self.late.get(name, ()), *_FROM_C.get(name, ())):
                if late not in wanted and _top(late) not in _TOOLS:
                    wanted.add(late)
                    package = {each for each in self._with_imports([late]) - reached if _top(each) == _top(name)}
                    reached |= package
                    waiting += package
        return sorted(wanted - self.in_memory(own))

    @property
    def public(self) -> list[str]:
        """The top-level modules that are there to be imported by anybody."""
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
    """A module's name, after those of the packages that it is in."""
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


@cache
def library() -> Library:
    """What is known of the release of componentize-py that witkit builds with."""
    kept = json.loads(_FILE.read_text(encoding="utf-8"))
    lists = {key: {name: text.split() for name, text in kept[key].items()} for key in ("names", "early", "late")}
    return Library(
        kept["componentize-py"],
        tuple(kept["python"]),
        frozenset(kept["loaded"]),
        kept["fails"],
        frozenset(kept["removed"]),
        {name: frozenset(names) for name, names in lists["names"].items()},
        {name: tuple(names) for name, names in lists["early"].items()},
        {name: tuple(names) for name, names in lists["late"].items()},
        kept["closed"],
    )
