"""Replace packages inside of others: the bindings in an SDK, which only serve editors.

componentize-py replaces them by the real ones in a build; this does the same for a guest under CPython.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType


class _Replaced(MetaPathFinder):
    """Finds packages by their full names in the folders in `places`."""

    def __init__(self) -> None:
        self.places: dict[str, Path] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        folder = self.places.get(fullname)
        if folder is not None:
            return spec_from_file_location(fullname, folder / "__init__.py", submodule_search_locations=[str(folder)])
        if any(place.startswith(f"{fullname}.") for place in self.places) and self._is_missing(fullname, path):
            # An SDK may come without a folder for the bindings.
            between = ModuleSpec(fullname, None, is_package=True)
            between.submodule_search_locations = []
            return between
        return None

    def _is_missing(self, fullname: str, path: Sequence[str] | None) -> bool:
        return path is not None and PathFinder.find_spec(fullname, path) is None


_finder = _Replaced()


def replace(places: Mapping[str, Path]) -> None:
    """From now on, find each of these packages (dotted names) in its folder. Ends earlier replacements.

    Their top-level packages are removed from `sys.modules`, because they may refer to the old modules.
    """
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    _forget({*_tops(_finder.places), *_tops(places)})
    _finder.places = dict(places)


@contextmanager
def replaced(places: Mapping[str, Path]) -> Iterator[None]:
    """`replace` during a `with` statement."""
    before = dict(_finder.places)
    tops = {*_tops(before), *_tops(places)}
    aside = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in tops}
    replace(places)
    try:
        yield
    finally:
        replace(before)
        sys.modules.update(aside)


def has_replaced(top: str) -> bool:
    """Whether a package in the top-level package with this name is replaced."""
    return top in _tops(_finder.places)


def _tops(places: Mapping[str, Path]) -> set[str]:
    return {name.partition(".")[0] for name in places}


def _forget(tops: set[str]) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[name]
