"""What `warnings.deprecated` of Python 3.13 does for functions, for the versions before."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def deprecated(message: str, /) -> Callable[[F], F]:
    """Warn with `DeprecationWarning` at each call of the decorated function."""

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def warn(*args: Any, **kwargs: Any) -> Any:
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return function(*args, **kwargs)

        warn.__deprecated__ = message  # type: ignore[attr-defined]
        return warn  # type: ignore[return-value]

    return decorate
