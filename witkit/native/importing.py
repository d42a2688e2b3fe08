"""Let a guest's modules import only what a component has, whatever this Python has."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec, resolve_name
from types import ModuleType
from typing import Any

from witkit.interpreter import is_newer, library

__tracebackhide__ = True  # pytest shows the lines of tests and guests, not these

_import = builtins.__import__
_import_module = importlib.import_module
_users = 0
_is_running: Callable[[], bool]


class GuestLoader(SourceFileLoader):
    """Loads a module of the guest, and marks its imports as the guest's."""

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> Any:  # type: ignore[override]
        """Raises `SyntaxError`. Its message says so if the Python of a component could compile the module."""
        try:
            return super().source_to_code(data, path, _optimize=_optimize)
        except SyntaxError as wrong:
            if not (isinstance(data, bytes) and is_newer(data)):
                raise
            own = ".".join(map(str, sys.version_info[:2]))
            message = f"a component has Python {library().version}, but witkit runs under Python {own}"
            raise SyntaxError(message, (wrong.filename, wrong.lineno, wrong.offset, wrong.text)) from None


def watch(is_running: Callable[[], bool]) -> None:
    """Watch the imports of guests, until `unwatch` is called as often.

    `is_running` says whether the guest is past its build. Only a build can import modules from files.
    """
    global _users, _is_running
    _users += 1
    _is_running = is_running
    builtins.__import__ = _checked
    importlib.import_module = _checked_module


def unwatch() -> None:
    """See `watch`. If somebody else has replaced one of the functions meanwhile, it is not restored."""
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
    """An `__import__` that fails for a guest as in a component."""
    # An import statement passes the globals of its module; a call of the function may not.
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
    """An `importlib.import_module` that fails for a guest as in a component."""
    if not isinstance(sys._getframe(1).f_globals.get("__loader__"), GuestLoader):
        return _import_module(name, package)
    _refuse(resolve_name(name, package) if name.startswith(".") and package else name, ())
    try:
        return _import_module(name, package)
    except ImportError as missing:
        raise _explained(missing) from None


def _explained(missing: ImportError) -> ImportError:
    """The same exception, with a message if only this Python cannot import the module."""
    known = library()
    if missing.name and known.has(missing.name) and known.is_standard(missing.name):
        message = f"{missing}: Python {known.version}, which a component has, can import it; this Python cannot"
        return type(missing)(message, name=missing.name)
    return missing


def _refuse(module: str, names: Sequence[str]) -> None:
    """Raise `ImportError` for what the component's Python does not have, or no longer has at run time."""
    known = library()
    if known.takes_name(module) or not _is_own(module):
        if lacks := known.lacks(module):
            raise ModuleNotFoundError(f"No module named {module!r}: {lacks}", name=module)
        if wrong := next((name for name in names if known.lacks_name(module, name)), None):
            raise ImportError(
                f"cannot import name {wrong!r} from {module!r}: a component does not have this name", name=module
            )
    if _is_running() and not known.is_standard(module) and (gone := _not_in_memory(module, names)):
        message = f"No module named {gone!r}: a component does not have the module's file at run time"
        raise ModuleNotFoundError(f"{message}; import it at the top of a module", name=gone)


def _is_own(module: str) -> bool:
    """Whether a module with this name is the guest's own, whether it was already imported or not."""
    top = module.partition(".")[0]
    found = sys.modules[top].__spec__ if top in sys.modules else find_spec(top)
    return found is not None and isinstance(found.loader, GuestLoader)


def _not_in_memory(module: str, names: Sequence[str]) -> str | None:
    """The module that would have to be imported from a file, or None."""
    if module not in sys.modules:
        return module
    package = sys.modules[module]
    if not hasattr(package, "__path__"):
        return None
    return next((f"{module}.{name}" for name in names if name != "*" and not hasattr(package, name)), None)
