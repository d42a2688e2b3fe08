# Source: names:hard/str@1.0.0

"""The imported interface `names:hard/str@1.0.0`."""

# This module is called `str_import` because `str` is taken.

from __future__ import annotations

from typing import Protocol

from witkit import abi

from . import list_import
from .list_import import Ok, Result

__all__ = [
    "INTERFACE",
    "Ok",
    "Result",
    "Str",
]


class Str(Protocol):
    """The interface `names:hard/str@1.0.0`."""

    def g(self, o: Ok, /) -> int:
        """The function `g`.

        Raises:
            Err: with a value of type `str`.
        """
        ...


# What the runtime knows of these types and functions.
INTERFACE = abi.Interface(
    "names:hard/str@1.0.0",
    functions=(
        abi.Func(
            "g",
            "g",
            (abi.Param("o", list_import.OK_TYPE),),
            list_import.RESULT_TYPE,
            raises=True,
        ),
    ),
)
