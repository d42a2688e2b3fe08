"""What componentize-py's Python has: read and imported while it is built, reported when it is called."""

import builtins
import sys

LOADED = sorted(sys.modules)
EARLY = {}
_import = builtins.__import__


def _absolute(name, level, package):
    parts = package.split(".") if package else []
    base = parts[: len(parts) - (level - 1)] if level else []
    return ".".join([*base, *([name] if name else [])])


def _recording(name, globals=None, locals=None, fromlist=(), level=0):
    """Import, and note what a module imports while it is imported itself."""
    module = _import(name, globals, locals, fromlist, level)
    if globals and getattr(globals.get("__spec__"), "_initializing", False):
        base = _absolute(name, level, globals.get("__package__") or "")
        wanted = {base, *(f"{base}.{each}" for each in fromlist or ())}
        EARLY.setdefault(globals["__name__"], set()).update(wanted & set(sys.modules))
    return module


builtins.__import__ = _recording

import ast  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
from importlib import import_module  # noqa: E402

import interpreter_world  # noqa: E402

ROOT = "/python"
# What only runs as a program, opens a browser or needs a screen; `__main__` runs when it is imported.
SKIPPED = ("antigravity", "idlelib", "test", "this", "turtledemo", "ensurepip", "site-packages", "__pycache__")
# Functions of a module that are there to run it as a program or to test it.
PROGRAMS = ("main", "_main", "test", "_test", "_test_main")


def _modules():
    """Each module of the standard library that has a file, with the file."""
    found = {}
    for folder, _, files in os.walk(ROOT):
        for file in sorted(files):
            parts = f"{folder}/{file}".removeprefix(f"{ROOT}/").split("/")
            name = parts[-1].removesuffix(".py")
            if name == parts[-1] or name == "__main__" or any(part in SKIPPED or "-" in part for part in parts):
                continue
            dotted = parts[:-1] if name == "__init__" else [*parts[:-1], name]
            if name not in SKIPPED and not parts[-1].startswith("_sysconfigdata"):
                found[".".join(dotted)] = f"{folder}/{file}"
    return found


class _Late(ast.NodeVisitor):
    """What a module imports in its functions."""

    def __init__(self, package):
        self.package = package
        self.names = set()
        self.is_late = False

    def visit_If(self, node):
        if "__name__" not in ast.dump(node.test) and "TYPE_CHECKING" not in ast.dump(node.test):
            self.generic_visit(node)

    def visit_FunctionDef(self, node):
        if node.name not in PROGRAMS:
            before, self.is_late = self.is_late, True
            self.generic_visit(node)
            self.is_late = before

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Import(self, node):
        if self.is_late:
            self.names |= {alias.name for alias in node.names}

    def visit_ImportFrom(self, node):
        whole = _absolute(node.module, node.level, self.package)
        if self.is_late:
            self.names |= {whole, *(f"{whole}.{alias.name}" for alias in node.names)}


def _late(name, file):
    with open(file, "rb") as source:  # noqa: PTH123
        tree = ast.parse(source.read())
    is_package = file.endswith("/__init__.py")
    visitor = _Late(name if is_package else name.rpartition(".")[0])
    visitor.visit(tree)
    return visitor.names


def _outcome(name):
    """What importing a module raises; nothing for one that works."""
    try:
        import_module(name)
    except ImportError as missing:
        return missing.name if isinstance(missing, ModuleNotFoundError) else str(missing)
    except BaseException as problem:
        return f"{type(problem).__name__}: {problem}"
    return None


def _names(module):
    """What can be taken from a module, with the names that its `__getattr__` mentions and has."""
    code = getattr(getattr(module, "__getattr__", None), "__code__", None)
    made = {name for name in _texts(code.co_consts if code else ()) if hasattr(module, name)}
    return sorted({*dir(module), *getattr(module, "__all__", ()), *made})


def _texts(constants):
    """The strings among constants, and in the tuples and sets among them."""
    for each in constants:
        if isinstance(each, str):
            yield each
        elif isinstance(each, tuple | frozenset):
            yield from _texts(each)


def _library():
    files = _modules()
    names = sorted(
        {*files, *sys.builtin_module_names, *sys.stdlib_module_names} - {*SKIPPED, "componentize_py_runtime"}
    )
    outcomes = {name: _outcome(name) for name in names}
    builtins.__import__ = _import
    works = {name for name in names if outcomes[name] is None}
    # Some modules have no file of their own: `os` puts `os.path` there, `collections` `collections.abc`.
    works |= {name for name in sys.modules if name.rpartition(".")[0] in works}
    skipped = {name for name in SKIPPED if name in sys.stdlib_module_names}
    return {
        "python": list(sys.version_info[:3]),
        "loaded": sorted({*LOADED, *sys.builtin_module_names} & works),
        "fails": {name: outcomes[name] for name in names if name not in works},
        "names": {name: _names(sys.modules[name]) for name in sorted(works)},
        "early": {name: sorted(EARLY.get(name, set()) & works) for name in sorted(works | skipped)},
        "late": {name: sorted(_late(name, files[name]) & works) for name in sorted(works & set(files))},
    }


LIBRARY = json.dumps(_library(), sort_keys=True)


class InterpreterWorld(interpreter_world.InterpreterWorld):
    def library(self):
        return LIBRARY

    def evaluate(self, expression):
        try:
            return str(eval(expression, {"import_module": import_module, "sys": sys}))
        except BaseException as problem:
            return f"{type(problem).__name__}: {problem}"
