"""Black over generated text, through its API; what was formatted once is kept in the user's cache folder."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from threading import Lock
from typing import Final

from witkit._kept import DiskCache
from witkit._resources import cache_folder
from witkit.text import WitkitError, error

NOT_PYTHON = "WIT0602"

_CACHE: Final = DiskCache(limit=64 << 20, every=32)
# Black is compiled with mypyc: two threads that import it at once crash the interpreter.
_ALONE: Final = Lock()


def format_generated(text: str, name: str, *, own: bool) -> str:
    """As `format_python`. Text from witkit's `own` templates needs black for unusual statements only."""
    if not own or not _is_python(text, name):
        return format_python(text, name)
    from witkit.bindgen.common.layout import lay_out

    return lay_out(text, lambda part: format_python(part, name))


def format_python(text: str, name: str = "") -> str:
    """`text`, the file `name`, as black formats it (line length 88). Raises `WitkitError` if it is not Python."""
    kept = cache_folder() / "formatted" / _key(text)
    if (known := _CACHE.get(kept)) is not None:
        return known.decode()
    formatted = _formatted(text, name)
    _CACHE.put(kept, formatted.encode())
    return formatted


def _formatted(text: str, name: str) -> str:
    try:
        with _ALONE:
            return _black()(text)
    except ValueError as failure:
        message = f"the text that the templates give for this file is not valid Python: {failure}"
        raise WitkitError(
            [error(NOT_PYTHON, message, file=name, help="correct the template given with --templates")]
        ) from None


def _is_python(text: str, name: str) -> bool:
    try:
        compile(text, name, "exec", dont_inherit=True)
    except SyntaxError:
        # Black raises an error that says more.
        return False
    return True


def _key(text: str) -> str:
    return sha256(f"black {black_version()}\0{text}".encode()).hexdigest()[:40]


def black_version() -> str:
    """Black's version, without importing black; reading the metadata of distributions is slow, too."""
    try:
        from _black_version import version  # type: ignore[import-untyped]
    except ImportError:
        from importlib.metadata import version as installed_version

        return installed_version("black")
    return str(version)


def _black() -> Callable[[str], str]:
    """Black is imported only when something has to be formatted: it costs 100 ms."""
    from black import format_str
    from black.mode import Mode, TargetVersion

    mode = Mode(target_versions={TargetVersion.PY311})
    return lambda text: format_str(text, mode=mode)
