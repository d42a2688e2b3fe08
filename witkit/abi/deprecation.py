"""`@deprecated` (PEP 702) for generated code, on every Python that witkit runs on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Type checkers bring their own copy of typing_extensions; nothing has to be installed.
    from typing_extensions import deprecated
elif sys.version_info >= (3, 13):
    from warnings import deprecated
else:
    from witkit.abi._deprecated import deprecated

__all__ = ["deprecated"]
