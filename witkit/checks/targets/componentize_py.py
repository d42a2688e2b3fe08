"""The limits of componentize-py: the same that `witkit gen guest` and `witkit build` report.

They are those of 0.25.1: builds of the worlds in `tests/guest/test_limits.py` failed, or gave components that fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from witkit.bindgen.common.module_names import BAD_MODULE_NAME
from witkit.bindgen.guest import limits
from witkit.bindgen.guest.docstrings import BAD_DOCS
from witkit.checks.targets.limit import ITEM, LIMITED, NAME, TYPE, Limit
from witkit.ir.model import World

RULES: Final = {
    limits.NO_MAP: TYPE,
    limits.NO_FIXED_LENGTH_LIST: TYPE,
    limits.PARAMETER_NAME: NAME,
    limits.MODULE_NAME: NAME,
    limits.NAME_OF_C: NAME,
    limits.TYPE_NAME: NAME,
    limits.FIELD_NAME: NAME,
    BAD_MODULE_NAME: NAME,
    limits.NO_WORLD_RESOURCE: ITEM,
    limits.NO_EMPTY_RESOURCE: ITEM,
    BAD_DOCS: ITEM,
    limits.LABELLED_IMPORT: ITEM,
    limits.FALLIBLE_CONSTRUCTOR: LIMITED,
    limits.METHOD_NAME: LIMITED,
    limits.INLINE_IMPORT: LIMITED,
    limits.INLINE_EXPORT: LIMITED,
    limits.FUNCTION_NAME: LIMITED,
}
"""The rule for each code of `witkit gen guest`. A limit is an error there if and only if its rule is one here."""


def componentize_py(world: World, version: str) -> Iterator[Limit]:
    """What componentize-py cannot build of a world, or builds into something of less use."""
    for found in limits.check_guest(world):
        yield Limit(RULES[found.code], found.message, found.primary, found.help)
