"""WebAssembly files: encoded packages in `deps`, or a component as the argument of `load`."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.ir.decode.binary import Decoded, decode
from witkit.ir.decode.merge import WorldsDiffer, merge
from witkit.ir.decode.packages import ordered
from witkit.ir.load.files import Encoded
from witkit.ir.model import Resolve
from witkit.ir.report import Report
from witkit.ir.resolve.elaborate import direct_dependencies
from witkit.text import error
from witkit.text.files import ENCODED_PACKAGE
from witkit.wasm.cursor import BadWasm


def read_encoded(file: Encoded, report: Report) -> Decoded | None:
    """What a binary contains; if it cannot be understood, a finding and None. Raises OSError."""
    try:
        with file.path.open("rb") as binary:
            return decode(binary)
    except BadWasm as e:
        help = "build or fetch it again: the file may be damaged or misnamed"
        report.add([error(ENCODED_PACKAGE, f"{e.message}, at byte {e.offset}", file=file.shown, help=help)])
        return None


def read_packages(files: Sequence[Encoded], into: Resolve, report: Report) -> None:
    """Add encoded packages to `into`. A package that is in several files is merged."""
    for file in files:
        found = read_encoded(file, report)
        if found is None:
            continue
        wrong = _add(found, into)
        if wrong is not None:
            message, help = wrong
            report.add([error(ENCODED_PACKAGE, message, file=file.shown, help=help)])


def _add(found: Decoded, into: Resolve) -> tuple[str, str] | None:
    """What is wrong with a file as a dependency, and what to do about it; None if it was added."""
    if not found.is_package:
        message = "this is a component or core module, not a package of WIT"
        return message, "keep only packages in `deps`; `witkit show` prints what a component needs and offers"
    help = "fetch all of the dependencies again, so that they fit together"
    try:
        merge(into, found.resolve)
    except WorldsDiffer as e:
        return f"an earlier file has world `{e}` with other imports or exports", help
    if ordered(into.interfaces, direct_dependencies) is None:
        return "together with earlier files, interfaces use each other's types in a cycle", help
    return None
