"""Turn the messages of componentize-py into diagnostics with a place and a way out."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from witkit.bindgen.guest.names import exported_resources
from witkit.componentize import preflight
from witkit.componentize.classes import RAISED, missing_methods, without_arguments
from witkit.componentize.config import BuildConfig
from witkit.componentize.missing import missing_module
from witkit.componentize.modules import line, module_file, parse
from witkit.componentize.rehearsal import stopping_line
from witkit.componentize.sdk_names import MISSING_MODULE as MISSING_MODULE
from witkit.componentize.staging import left_out
from witkit.componentize.target import BuildTarget
from witkit.text import Diagnostic, Span, error

FAILED: Final = "WIT0750"
HOST_AT_IMPORT: Final = "WIT0757"
UNSUPPORTED: Final = "WIT0760"

_FRAME: Final = re.compile(r'File "/(\d+)/([^"]+)", line (\d+)')


def explain(output: str, target: BuildTarget) -> Diagnostic:
    """The diagnostic for a failed build, with componentize-py's own message if the cause is unknown."""
    said = readable(output)
    for known in (
        _attribute,
        _module,
        _host_at_import,
        _exit_at_import,
        _abstract,
        _constructor,
        _unsupported,
        _raised,
    ):
        found = known(said, target)
        if found is not None:
            return found
    first, _, rest = said.partition("\n")
    return error(FAILED, f"componentize-py failed: {first}", help=rest.strip(), file=str(target.config.root))


def readable(output: str) -> str:
    """componentize-py's message, without the Python traceback around it and the Rust backtrace after it."""
    _, _, said = output.rpartition("AssertionError: ")
    said = said or output
    panic = re.search(r"panicked at .*?:\n(.*?)(?:\nnote:|\nstack backtrace:|\Z)", output, re.DOTALL)
    if panic:
        said = f"panicked: {panic[1].strip()}"
    return re.split(r"\n\s*Stack backtrace:", said)[0].strip()


def _attribute(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    found = re.search(r"AttributeError: module '([\w.]+)' has no attribute '(\w+)'", said)
    if not found:
        return None
    module, name = found.groups()
    if module == config.app:
        exports = dict(preflight.exports(target.world, config))
        file = module_file(config, module) or Path(f"{module}.py")
        return preflight.missing_export(name, exports.get(name), config, file)
    for needed, resource, item in exported_resources(target.world, config.names):
        if (needed, resource) == (module, name):
            return preflight.missing_resource(module, name, item, config)
    return None


def _module(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    found = re.search(r"ModuleNotFoundError: No module named '([\w.]+)'", said)
    if not found:
        return None
    module = found[1]
    for needed, resource, item in exported_resources(target.world, config.names):
        if needed == module:
            return preflight.missing_resource(module, resource, item, config)
    file = module_file(config, module)
    if file is not None and (pattern := left_out(config, file)):
        return replace(preflight.is_left_out(module, file, pattern), primary=_frame(said, config))
    return missing_module(module, config, _frame(said, config))


def _host_at_import(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    found = re.search(r"called trapping stub: (\S+)", said)
    if not found:
        return None
    function = found[1].replace("#", " ")
    return error(
        HOST_AT_IMPORT,
        f"the guest calls the host while it is imported: {function}",
        stopping_line(target, "WouldTrap"),
        help="modules are imported when the component is built, without a host;"
        " move the call into a function that an export calls",
        file=str(module_file(config, config.app) or config.root),
    )


def _exit_at_import(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    if not re.search(r"Exited with i32 exit status \d+", said):
        return None
    return error(
        RAISED,
        "the guest ends the program while it is imported",
        stopping_line(target, "SystemExit"),
        help="modules are imported when the component is built: move `sys.exit` into a function",
        file=str(module_file(config, config.app) or config.root),
    )


def _abstract(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    found = re.search(r"Can't instantiate abstract class (\w+) without .* abstract methods? (.+)", said)
    if not found:
        return None
    file, place = _class(found[1], config)
    return missing_methods(found[1], re.findall(r"'(\w+)'", found[2]), file or config.root, place)


def _constructor(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    found = re.search(r"TypeError: (\w+)\.__init__\(\) (missing \d+ required .*)", said)
    if not found or _frame(said, config) is not None:
        return None
    file, place = _class(found[1], config)
    return without_arguments(found[1], f"is {found[2]}", file or config.root, place)


def _unsupported(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    found = re.search(r"panicked: not yet implemented(?:: (.*))?", said)
    if not found:
        return None
    what = f"`{found[1]}`" if found[1] else "something that this world uses"
    message = f"componentize-py cannot build {what} yet"
    return error(UNSUPPORTED, message, target.world.span, help="avoid it in the guest's world", file=str(config.root))


def _raised(said: str, target: BuildTarget) -> Diagnostic | None:
    config = target.config
    place = _frame(said, config)
    said = said.partition("\n\nCaused by:")[0].strip()
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if place is None or not lines:
        return None
    return error(RAISED, f"importing the guest raised {lines[-1]}", place, help="componentize-py said:\n" + said)


def _frame(said: str, config: BuildConfig) -> Span | None:
    """The innermost line of the guest's own files in a traceback. `/0/app.py` is in the first path."""
    frames = [frame for frame in _FRAME.findall(said) if int(frame[0]) < len(config.paths)]
    if not frames:
        return None
    folder, name, number = frames[-1]
    return line(config.root / config.paths[int(folder)] / name, int(number))


def _class(name: str, config: BuildConfig) -> tuple[Path | None, Span | None]:
    """The place where the guest's module defines a class."""
    file = module_file(config, config.app)
    if file is None:
        return None, None
    for node in ast.walk(parse(file)):
        if isinstance(node, ast.ClassDef) and node.name == name:
            return file, line(file, node.lineno)
    return file, None
