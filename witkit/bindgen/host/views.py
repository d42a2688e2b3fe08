"""What templates see: plain facts with every name chosen and every annotation spelled. No template decides anything.

`name` is always the Python name, `wit` the WIT name, `docs` plain text (see `witkit.bindgen.common.docs`), `notes`
are sentences for comments, such as why a name is not the expected one. `template` says which template
shows the view. `imports` is all that the text of the view needs from other modules, its parts included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from witkit.bindgen.common.views import Imports


@dataclass(frozen=True, slots=True)
class FieldView:
    """A record's field; `is_inherited` if every class has an attribute of its name."""

    name: str
    wit: str
    annotation: str
    docs: str
    is_inherited: bool = False


@dataclass(frozen=True, slots=True)
class RecordView:
    template: ClassVar[str] = "record.py.jinja"
    name: str
    wit: str
    docs: str
    fields: tuple[FieldView, ...]
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()


@dataclass(frozen=True, slots=True)
class CaseView:
    """A variant's case, `name` being its class; `annotation` is None if it has no payload."""

    name: str
    wit: str
    annotation: str | None
    docs: str


@dataclass(frozen=True, slots=True)
class VariantView:
    template: ClassVar[str] = "variant.py.jinja"
    name: str
    wit: str
    docs: str
    cases: tuple[CaseView, ...]
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()


@dataclass(frozen=True, slots=True)
class MemberView:
    """A case of an enum, or one flag; `index` counts from 0."""

    name: str
    wit: str
    index: int
    docs: str


@dataclass(frozen=True, slots=True)
class EnumView:
    template: ClassVar[str] = "enum.py.jinja"
    name: str
    wit: str
    docs: str
    members: tuple[MemberView, ...]
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()


@dataclass(frozen=True, slots=True)
class FlagsView:
    template: ClassVar[str] = "flags.py.jinja"
    name: str
    wit: str
    docs: str
    members: tuple[MemberView, ...]
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()


@dataclass(frozen=True, slots=True)
class AliasView:
    """`type a = b`."""

    template: ClassVar[str] = "alias.py.jinja"
    name: str
    wit: str
    docs: str
    annotation: str
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()


@dataclass(frozen=True, slots=True)
class ParamView:
    name: str
    wit: str
    annotation: str


@dataclass(frozen=True, slots=True)
class FunctionView:
    """A function. `wit` is the canonical ABI's name, `kind` is free, method, static or constructor.

    `returns` is the annotation of what a call gives; `raises` that of the error side if the function
    returns a `result` directly. `local` is a name free for a local variable.
    """

    name: str
    wit: str
    kind: str
    params: tuple[ParamView, ...]
    returns: str
    raises: str | None
    docs: str
    is_async: bool = False
    deprecated: str | None = None
    local: str = "result"
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource with its functions, constructor first."""

    template: ClassVar[str] = "resource.py.jinja"
    name: str
    wit: str
    docs: str
    functions: tuple[FunctionView, ...]
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()


TypeView: TypeAlias = RecordView | VariantView | EnumView | FlagsView | AliasView | ResourceView


@dataclass(frozen=True, slots=True)
class InterfaceView:
    """An interface as a class: its functions and the names of its resources' classes."""

    name: str
    wit: str
    docs: str
    functions: tuple[FunctionView, ...]
    resources: tuple[ResourceView, ...]
    notes: tuple[str, ...] = ()
    imports: Imports = frozenset()

    @property
    def path(self) -> str:
        """The WIT name without its version."""
        return self.wit.partition("@")[0]
