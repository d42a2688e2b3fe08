"""Find what a guest reads from files that Python has on a machine, and that a component does not have."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from typing import Final, NamedTuple

from witkit.componentize.modules import top_level
from witkit.componentize.reading import ReadModule
from witkit.componentize.reads import dotted, imported_names

_FUNCTION: Final = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
TEMPORARY: Final = {
    f"tempfile.{name}": "FileNotFoundError"
    for name in (
        "NamedTemporaryFile", "TemporaryDirectory", "TemporaryFile", "gettempdir", "gettempdirb", "mkdtemp", "mkstemp",
        "mktemp",
    )
}  # fmt: skip
"""What needs a folder for temporary files, with what it raises without one."""
INSTALLED: Final = {
    "importlib.metadata.distribution": "PackageNotFoundError",
    "importlib.metadata.distributions": "",
    "importlib.metadata.entry_points": "",
    "importlib.metadata.files": "PackageNotFoundError",
    "importlib.metadata.metadata": "PackageNotFoundError",
    "importlib.metadata.packages_distributions": "",
    "importlib.metadata.requires": "PackageNotFoundError",
    "importlib.metadata.version": "PackageNotFoundError",
    "importlib.resources.as_file": "FileNotFoundError",
    "importlib.resources.files": "FileNotFoundError",
    "importlib.resources.open_binary": "FileNotFoundError",
    "importlib.resources.open_text": "FileNotFoundError",
    "importlib.resources.read_binary": "FileNotFoundError",
    "importlib.resources.read_text": "FileNotFoundError",
    "inspect.getsource": "OSError",
    "inspect.getsourcelines": "OSError",
    "pkgutil.get_data": "FileNotFoundError",
    "pkgutil.iter_modules": "",
    "pkgutil.walk_packages": "",
}
"""What reads the files of modules and packages, with what it raises without them. Empty if it finds nothing."""
_READS: Final = {"iterdir", "listdir", "open", "read_bytes", "read_text"}
"""Functions and methods that need the file or folder of a path."""


class UnreadFile(NamedTuple):
    """A call that does not find its files in a component: the place, what happens, and what to do."""

    node: ast.expr
    message: str
    help: str


def unread_files(module: ReadModule, early: Collection[str]) -> Iterator[UnreadFile]:
    """The calls that look for files which a component does not have.

    What runs during the build, at the top of the module and in the functions `early`, has files to read, but no folder
    for temporary ones.
    """
    known, beside = imported_names(module), _beside(module.tree)
    for node, is_late in _calls(module.tree, early):
        name = dotted(node.func, known)
        if name in TEMPORARY and is_late:
            message = f"`{name}` raises `{TEMPORARY[name]}` in a component whose host gives it no folder at `/tmp`"
            help = "give it one, as with `witkit run --dir FOLDER::/tmp`, or keep the data in memory with `io.BytesIO`"
            yield UnreadFile(node, message, help)
        elif name in TEMPORARY:
            message = f"`{name}` raises `{TEMPORARY[name]}` while the component is built"
            yield UnreadFile(node, message, "call it in a function: a host may give the component a folder at `/tmp`")
        elif name in INSTALLED and is_late:
            raised = INSTALLED[name]
            ending = f"raises `{raised}`" if raised else "finds nothing"
            message = f"`{name}` {ending} in a component, which does not have the files of modules and packages"
            yield UnreadFile(node, message, "call it at the top of a module: what it gives there stays in memory")
        elif is_late and _reads(node) and _mentions(node, beside):
            message = (
                "what is beside the guest's modules cannot be read in a component, which does not have their files"
            )
            yield UnreadFile(node, message, "read it at the top of a module: what it gives there stays in memory")


def _beside(tree: ast.Module) -> set[str]:
    """`__file__`, and the names of paths that the top of a module derives from it."""
    found = {"__file__"}
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=value) | ast.AnnAssign(
                ast.Name(name), value=ast.expr() as value
            ):
                is_content = any(isinstance(each, ast.Call) and _reads(each) for each in ast.walk(value))
                if not is_content and _mentions(value, found):
                    found.add(name)
    return found


def _reads(call: ast.Call) -> bool:
    return getattr(call.func, "attr", getattr(call.func, "id", "")) in _READS


def _mentions(node: ast.expr, names: Collection[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))


def called_early(modules: Sequence[ReadModule]) -> set[str]:
    """The names of functions, methods and classes that may be called while the guest is imported."""
    functions: dict[str, list[ast.AST]] = {}
    for each in (node for module in modules for node in ast.walk(module.tree)):
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            functions.setdefault(each.name, []).append(each)
    found: set[str] = set()
    waiting: list[ast.AST] = [module.tree for module in modules]
    while waiting:
        for name in _called(waiting.pop()) - found:
            found.add(name)
            waiting += functions.get(name, ())
    return found


def _called(tree: ast.AST) -> set[str]:
    """The names that a module, a class or a function calls itself. A class that is called runs its `__init__`."""
    calls = [node.func for node in top_level(tree) if isinstance(node, ast.Call)]
    made = {"__init__", "__new__", "__post_init__"} if isinstance(tree, ast.ClassDef) else set()
    return made | {name for call in calls if (name := getattr(call, "id", getattr(call, "attr", "")))}


def _calls(tree: ast.Module, early: Collection[str]) -> Iterator[tuple[ast.Call, bool]]:
    """The calls, in the order of the text, and whether they are in functions other than the functions `early`."""
    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, is_late = waiting.pop()
        if isinstance(node, ast.Call):
            yield node, is_late
        if isinstance(node, _FUNCTION):
            is_late = is_late or getattr(node, "name", "") not in early
        waiting += [(child, is_late) for child in reversed(list(ast.iter_child_nodes(node)))]
