"""Worlds for what had none: one with what guests import, one with what they export."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from witkit.syntax.keywords import identifier
from witkit.text import Diagnostic, WitkitError, did_you_mean, error
from witkit.upgrade.legacy import Legacy
from witkit.upgrade.types import note

DIRECTION = "WIT0138"
UNKNOWN_INTERFACE = "WIT0935"


@dataclass(frozen=True, slots=True)
class Directions:
    """What the user has said: names of interfaces that guests import, and of those that they export."""

    imports: frozenset[str] = frozenset()
    exports: frozenset[str] = frozenset()


def directions(files: Iterable[Legacy], given: Directions) -> tuple[list[str], list[str], list[Diagnostic]]:
    """Names of imported and of exported interfaces, and a note for each that nobody and nothing has decided.

    Raises WitkitError if a given name is not an interface, or is given twice.
    """
    files = list(files)
    _check(files, given)
    imports: list[str] = []
    exports: list[str] = []
    notes: list[Diagnostic] = []
    for each in files:
        if not each.functions and not each.resources:
            continue
        is_export = each.name in given.exports
        if each.functions and each.name not in given.imports | given.exports:
            is_export = _looks_exported(each)
            notes.append(_assumed(each, is_export))
        (exports if is_export else imports).append(each.name)
    return imports, exports, notes


def _looks_exported(each: Legacy) -> bool:
    """Resources are the host's in 2022. Of bare functions, handlers are what guests provide."""
    names = [each.name, *(f.name.name for f in each.functions)]
    words = {part for name in names for part in name.split("-")}
    return not each.resources and bool(words & {"handler", "handle", "export", "exports", "on"})


def _assumed(each: Legacy, is_export: bool) -> Diagnostic:
    taken, other = ("export", "import") if is_export else ("import", "export")
    message = (
        f"the file does not say who provides `{each.functions[0].name.name}`: it is taken for an {taken} of the guest"
    )
    help = f"confirm that with `--{taken} {each.name}`, or make it an {other} with `--{other} {each.name}`"
    return note(DIRECTION, message, each.functions[0].name.span, help)


def _check(files: list[Legacy], given: Directions) -> None:
    names = {each.name for each in files}
    unknown = sorted((given.imports | given.exports) - names)
    wrong = [
        error(UNKNOWN_INTERFACE, f"there is no interface `{name}` in the folder", help=did_you_mean(name, names))
        for name in unknown
    ]
    wrong += [
        error(UNKNOWN_INTERFACE, f"`{name}` cannot be both an import and an export")
        for name in sorted(given.imports & given.exports)
    ]
    if wrong:
        raise WitkitError(wrong)


def world_name(wish: str, package: str, taken: set[str]) -> str:
    """The name for a world: the wish, unless an interface has it."""
    return wish if wish not in taken else f"{package}-{wish}"


def write_worlds(package: str, imports: Sequence[str], exports: Sequence[str], names: tuple[str, str]) -> str:
    """The file with the worlds; a world that would be empty is left out."""
    lines = [f"package {package};"]
    for keyword, members, name, docs in (
        ("import", imports, names[0], "What a guest finds here: the host provides it."),
        ("export", exports, names[1], "What a guest provides, and the host calls."),
    ):
        if members:
            lines += ["", f"/// {docs}", f"world {name} {{", *(f"  {keyword} {identifier(m)};" for m in members), "}"]
    return "\n".join(lines) + "\n"
