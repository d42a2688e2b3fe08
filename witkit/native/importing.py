"""What a guest's modules may import: what is in a component, whatever this Python has."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Mapping, Sequence
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, resolve_name
from types import ModuleType
from typing import Any

from witkit.interpreter import is_newer, library

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_import = builtins.__import__
_import_module = importlib.import_module
_users = 0


class GuestLoader(SourceFileLoader):
    """Loads a module of the guest, by which its imports are known for the guest's."""

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        """Raises `SyntaxError`, which says so if a component could read the module."""
        try:
            return super().source_to_code(data, path, _optimize=_optimize)
        except SyntaxError as wrong:
            if not (isinstance(data, bytes) and is_newer(data)):
                raise
            own = ".".join(map(str, sys.version_info[:2]))
            message = f"this is Python {library().version}, which a component has, and witkit runs under Python {own}"
            raise SyntaxError(message, (wrong.filename, wrong.lineno, wrong.offset, wrong.text)) from None


def watch() -> None:
    """Look at what guests import, until `unwatch` is called as often."""
    global _users
    _users += 1
    builtins.__import__ = _checked
    importlib.import_module = _checked_module


def unwatch() -> None:
    """See `watch`. Whoever has replaced one of the functions in the meantime keeps that."""
    global _users
    _users -= 1
    if not _users and builtins.__import__ is _checked:
        builtins.__import__ = _import
    if not _users and importlib.import_module is _checked_module:
        importlib.import_module = _import_module


def _checked(
    name: str,
    globals: Mapping[str, object] | None = None,
    locals: Mapping[str, object] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> Any:
    """`__import__` that fails for a guest as it does in a component."""
    # The statement gives the globals of the module that it is in, a call of the function need not.
    caller = sys._getframe(1).f_globals if globals is None else globals
    if not isinstance(caller.get("__loader__"), GuestLoader):
        return _import(name, globals, locals, fromlist or (), level)
    whole = resolve_name("." * level + name, str(caller.get("__package__") or "")) if level else name
    _refuse(whole, fromlist or ())
    try:
        return _import(name, globals, locals, fromlist or (), level)
    except ImportError as missing:
        raise _explained(missing) from None


def _checked_module(name: str, package: str | None = None) -> ModuleType:
    """`importlib.import_module` that fails for a guest as it does in a component."""
    if not isinstance(sys._getframe(1).f_globals.get("__loader__"), GuestLoader):
        return _import_module(name, package)
    _refuse(resolve_name(name, package) if name.startswith(".") and package else name, ())
    try:
        return _import_module(name, package)
    except ImportError as missing:
        raise _explained(missing) from None


def _explained(missing: ImportError) -> ImportError:
    """The same failure, which says so if only this Python cannot import the module."""
    known = library()
    if missing.name and known.has(missing.name) and known.is_standard(missing.name):
        message = f"{missing}: Python {known.version}, which a component has, can import it; this Python cannot"
        return type(missing)(message, name=missing.name)
    return missing


def _refuse(module: str, names: Sequence[str]) -> None:
    """Raise `ImportError` for what the component's Python does not have, or has not any more."""
    from witkit.native.binding import is_running

    known = library()
    if known.takes_name(module) or not _is_own(module):
        if lacks := known.lacks(module):
            raise ModuleNotFoundError(f"No module named {module!r}: {lacks}", name=module)
        if wrong := next((name for name in names if known.lacks_name(module, name)), None):
            raise ImportError(
                f"cannot import name {wrong!r} from {module!r}: a component has no such name", name=module
            )
    if is_running() and not known.is_standard(module) and (gone := _not_in_memory(module, names)):
        message = f"No module named {gone!r}: a component has no files to import it from when a function is called"
        raise ModuleNotFoundError(f"{message}; import it at the top of a module", name=gone)


def _is_own(module: str) -> bool:
    """Whether a module of this name is the guest's own, imported already or not."""
    top = module.partition(".")[0]
    found = sys.modules[top].__spec__ if top in sys.modules else find_spec(top)
    return found is not None and isinstance(found.loader, GuestLoader)


def _not_in_memory(module: str, names: Sequence[str]) -> str | None:
    """The module that has not been imported yet; None if nothing is to be imported from a file."""
    if module not in sys.modules:
        return module
    package = sys.modules[module]
    if not hasattr(package, "__path__"):
        return None
    return next((f"{module}.{name}" for name in names if name != "*" and not hasattr(package, name)), None)
