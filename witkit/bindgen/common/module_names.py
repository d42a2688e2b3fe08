"""The names of generated modules that a user chooses, one per interface, or `full` names for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from witkit.bindgen.common.naming import camel, snake
from witkit.text import Diagnostic, Span, WitkitError, did_you_mean, error

# Every command that generates has these names, also if nothing has to be read.
if TYPE_CHECKING:
    from witkit.ir.model import Interface, World, WorldKey
    from witkit.text.settings import SettingsTable

NO_INTERFACE: Final = "WIT0606"
BAD_MODULE_NAME: Final = "WIT0607"

KEYS: Final = ("import-interface-names", "export-interface-names", "full-names")


@dataclass(frozen=True, slots=True)
class ModuleNames:
    """What the modules of interfaces are called, if not by default.

    `imports` and `exports` map an interface as the world names it (`ns:pkg/name@version`, or its label) to a name,
    which is spelled as a WIT name would be: `my-store` gives the module `my_store` and the class `MyStore`. With
    `full`, every other module is called `ns_pkg_name`, with the version if there is one, so that its name depends on
    nothing else in the world.
    """

    imports: Mapping[str, str] = field(default_factory=dict)
    exports: Mapping[str, str] = field(default_factory=dict)
    full: bool = False

    def check(self, world: World, *, together: bool = False) -> None:
        """Raise `WitkitError` for an interface that the world does not have, and for names that cannot be used.

        `together` means that modules of imports and exports are in one folder.
        """
        imported: dict[str, str] = {}
        exported = imported if together else {}
        problems = [
            *_problems(self.imports, world.imports, "import", imported),
            *_problems(self.exports, world.exports, "export", exported),
        ]
        if problems:
            raise WitkitError(problems)

    def over(self, other: ModuleNames) -> ModuleNames:
        """These names, and those of `other` for interfaces that have no name here."""
        imports, exports = {**other.imports, **self.imports}, {**other.exports, **self.exports}
        return ModuleNames(imports, exports, self.full or other.full)

    def of(self, key: WorldKey, *, exported: bool) -> str | None:
        """The chosen or full WIT-like name of the interface under `key`; None for the default."""
        chosen = (self.exports if exported else self.imports).get(key_text(key))
        if chosen is None and self.full and not isinstance(key, str):
            return full_name(key)
        return chosen


def chosen_names(imports: Iterable[str], exports: Iterable[str], full: bool = False) -> ModuleNames:
    """`ModuleNames` from texts `INTERFACE=NAME`, as a command line has them. Raises `WitkitError` for other texts."""
    return ModuleNames(dict(map(_pair, imports)), dict(map(_pair, exports)), full)


def listed_names(table: SettingsTable) -> ModuleNames:
    """`ModuleNames` from the `KEYS` of a table of `pyproject.toml`."""
    imports, exports, full = KEYS
    return ModuleNames(table.mapping(imports), table.mapping(exports), bool(table.flag(full)))


def key_text(key: WorldKey) -> str:
    """What a world calls one of its items: an interface's full name, or a label."""
    return key if isinstance(key, str) else key.qualified_name or ""


def full_name(interface: Interface) -> str:
    """`ns-pkg-name-1.0.0`, without the version if the package has none."""
    package = interface.package.name
    parts = (package.namespace, package.name, interface.name or "", package.version or "")
    return "-".join(part for part in parts if part)


def same_module(one: str, other: str, module: str, place: Span | None) -> Diagnostic:
    """The finding that two interfaces would be one module."""
    message = f"the {one} and the {other} would both be the module `{module}`"
    help = "choose a name for one of them with `--import-interface-name` or `--export-interface-name`"
    return error(BAD_MODULE_NAME, message, place, help=help)


def _pair(text: str) -> tuple[str, str]:
    interface, equals, name = text.partition("=")
    if not equals or not interface.strip() or not name.strip():
        message = f"`{text}` is not of the form `INTERFACE=NAME`"
        raise WitkitError([error(BAD_MODULE_NAME, message, help="for example `wasi:io/streams@0.2.0=io-streams`")])
    return interface.strip(), name.strip()


def _problems(
    chosen: Mapping[str, str], items: Mapping[WorldKey, object], verb: str, modules: dict[str, str]
) -> Iterator[Diagnostic]:
    """What is wrong with the names of one direction; `modules` has the interface of each module named so far."""
    from witkit.ir.model import WorldInterface

    known = {key_text(key): item.span for key, item in items.items() if isinstance(item, WorldInterface)}
    for interface, name in chosen.items():
        if interface not in known:
            listed = ", ".join(f"`{each}`" for each in known) or "none"
            help = did_you_mean(interface, list(known)) or f"interfaces that it {verb}s: {listed}"
            yield error(NO_INTERFACE, f"the world does not {verb} an interface `{interface}`", help=help)
        elif not snake(name).isidentifier() or not camel(name).isidentifier():
            help = "a name has letters, digits and hyphens, and begins with a letter"
            message = f"`{name}` cannot name the module of `{interface}`"
            yield error(BAD_MODULE_NAME, message, known[interface], help=help)
        elif (other := modules.setdefault(snake(name), f"{verb} `{interface}`")) != f"{verb} `{interface}`":
            yield same_module(other, f"{verb} `{interface}`", snake(name), known[interface])
