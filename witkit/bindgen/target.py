"""What `witkit gen` writes for: the protocol of targets, and what one is asked for and answers with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from witkit.bindgen.common.module_names import ModuleNames

if TYPE_CHECKING:
    from witkit.ir.model import World
    from witkit.text import Diagnostic


@dataclass(frozen=True, slots=True)
class TargetOption:
    """An option of `witkit gen NAME`, and a key of `[[tool.witkit.gen]]`, that not every target has.

    `name` is the key, with hyphens. `spellings` are the names on the command line (default: `--NAME`). A flag is true
    or false, any other option is a text.
    """

    name: str
    help: str
    spellings: tuple[str, ...] = ()
    is_flag: bool = False


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """How a world is wanted. `settings` holds the target's own options by name, except `package` and `allow`.

    `templates` is a folder of the user's templates. `names` chooses the names of interfaces' modules. `source` is the
    file or folder that the world was read from, if there is one: some binaries do not name their world.
    """

    package: str | None = None
    allow: bool = False
    templates: Path | None = None
    names: ModuleNames = field(default_factory=ModuleNames)
    source: Path | None = None
    settings: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileDraft:
    """A file before it gets its header and is formatted. `path` is relative to the output folder.

    `subject` is the WIT name of what the file was made from, empty if other worlds have the same file. An empty `text`
    stays an empty file.
    """

    path: PurePosixPath
    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CommentStyle:
    """How the target's language writes a comment on one line."""

    begin: str
    end: str = ""

    def line(self, text: str) -> str:
        """`text` as a comment."""
        return f"{self.begin} {text} {self.end}".rstrip()


@runtime_checkable
class Target(Protocol):
    """Writes files for a world. A class that inherits from this one needs `name`, `help`, `comment` and `drafts`.

    `name` is the subcommand of `witkit gen`, `help` what its `--help` says. `version` counts the versions of the
    output: raise it if files that an earlier version wrote no longer work, so that `gen --check` asks for new ones.
    `takes_templates` and `names_modules` say whether the options about templates and module names apply. `unites`
    is for witkit's own guest: several packages and worlds become one, by the rules of SDKs. `folders` are the names of
    folders in a package that are the target's, even if there is nothing to write into them.
    """

    name: str
    help: str
    comment: CommentStyle
    version: int = 1
    options: tuple[TargetOption, ...] = ()
    takes_templates: bool = False
    names_modules: bool = False
    unites: bool = False
    folders: tuple[str, ...] = ()

    def check(self, world: World, request: GenerationRequest) -> Sequence[Diagnostic]:
        """What the output will not be able to do. Errors prevent generating, unless the request allows them."""
        return ()

    def drafts(self, world: World, request: GenerationRequest) -> Iterable[FileDraft]:
        """The files. Raises `WitkitError` for a world or request that it cannot serve."""
        ...

    def formatted(self, text: str, path: PurePosixPath, request: GenerationRequest) -> str:
        """The text of a file, header included, in its final layout."""
        return text

    def is_same(self, text: str, other: str) -> bool:
        """Whether two texts of a file differ in layout only, as formatters leave them."""
        return text == other
