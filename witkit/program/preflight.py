"""Find everything that prevents a program from running before it runs, and before it is compiled.

Compiling can take half a minute the first time. A component that was compiled before is loaded at once, and says the
same about itself as its bytes do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from witkit.backends.connect import Connections, matched
from witkit.backends.fronts.table import Front
from witkit.runtime.content import read
from witkit.runtime.engine import Engine
from witkit.text import Diagnostic, WitkitError
from witkit.text.values import value

from . import exported
from .outline import Outline
from .providers import Provider, chosen, missing, unused
from .providing import described
from .settings import RunSettings
from .stubs import import_names, outside, stubbed, unknown


class WantedExports(Protocol):
    """What has to be exported for a component to be of use."""

    def of(self, component: exported.Exporting, tracks: Sequence[str] = ("0.2",)) -> object:
        """Raises WitkitError if it is not exported. `tracks` are the versions of WASI whose programs can run."""


@value(frozen=True, slots=True)
class Asked:
    """What a run calls: a function with arguments in JSON, or without a name the program."""

    name: str | None = None
    arguments: Sequence[str] = ()

    def of(self, component: exported.Exporting, tracks: Sequence[str] = ("0.2",)) -> exported.ExportedFunction:
        """The export. Raises WitkitError if there is none, or if the arguments do not fit."""
        if self.name is None:
            return exported.program(component, tracks)
        found = exported.named(component, self.name)
        if isinstance(component, Outline):
            exported.reject_other_number(found, self.arguments, component.name)
        else:
            exported.arguments(found, self.arguments, component.name)
        return found


def check(path: Path, engine: Engine, settings: RunSettings, asked: WantedExports) -> None:
    """Raise WitkitError with everything that prevents a component from running.

    Does nothing for one that was compiled before, because running it reports the same, or that cannot be read, because
    loading it says why.
    """
    content, _ = read(path)
    if engine.has(content):
        return
    try:
        outline = Outline(path)
    except WitkitError:
        return
    if found := problems(outline, settings, asked):
        raise WitkitError(found)


def checked(path: Path, settings: RunSettings, asked: WantedExports) -> list[Diagnostic]:
    """Everything that prevents a component from running, without compiling it and without creating data.

    A backend whose file or folder does not exist yet is not opened. Raises WitkitError for a file that is not a
    component.
    """
    read(path)
    return problems(Outline(path), settings, asked)


def problems(outline: Outline, settings: RunSettings, asked: WantedExports) -> list[Diagnostic]:
    """What is wrong with a component that is not compiled: its imports, its export, grants, and backends."""
    needs, found = examined(outline, outline.needs, settings, asked)
    return [*found, *unusable(needs, settings)]


def examined(
    component: exported.Exporting,
    imports: Mapping[str, str],
    settings: RunSettings,
    asked: WantedExports,
    tracks: Sequence[str] = ("0.2",),
) -> tuple[Mapping[str, Front], list[Diagnostic]]:
    """The fronts of the imports that have one, and everything that is wrong apart from the chosen backends.

    `tracks` are the versions of WASI whose programs can run.
    """
    names = import_names(component)
    left_out = stubbed(names, settings.optional)
    wanted = {name: each for name, each in imports.items() if name not in left_out}
    provided = chosen(settings.providers, wanted)
    needs, found = matched({name: each for name, each in wanted.items() if name not in provided}, component.name)
    found += [*unknown(names, settings.optional, component.name), *outside(component, settings.profile)]
    return needs, [
        *settings.problems,
        *miswritten(needs, settings),
        *found,
        *unused(settings.providers, imports),
        *unfit(component, provided),
        *raised(lambda: asked.of(component, tracks)),
        *settings.grants.problems(),
    ]


def unfit(component: exported.Exporting, provided: Mapping[str, Provider]) -> list[Diagnostic]:
    """What is wrong with the providers of imports."""
    return [said for name, each in provided.items() for said in raised(partial(_fit, component, name, each))]


def _fit(component: exported.Exporting, name: str, provider: Provider) -> None:
    """Raise WitkitError if a provider cannot be loaded, or with what it lacks."""
    given = provider.load()
    if lacking := missing(name, described(component, name), given, component.name):
        raise WitkitError(lacking)


def unusable(needs: Mapping[str, Front], settings: RunSettings) -> list[Diagnostic]:
    """What is wrong with the chosen backends, found without creating data."""
    return Connections(needs, settings.effective, more=settings.more).problems()


def miswritten(needs: Mapping[str, Front], settings: RunSettings) -> list[Diagnostic]:
    """The mistakes in what is chosen for capabilities that the component does not import."""
    return Connections(needs, settings.effective, more=settings.more).miswritten()


def require(
    component: exported.Exporting, imports: Mapping[str, str], settings: RunSettings, asked: WantedExports
) -> Mapping[str, Front]:
    """The fronts of the imports. Raises WitkitError with everything that is wrong, if anything is.

    If nothing else is wrong, backends are not tried, because opening them comes next.
    """
    needs, found = examined(component, imports, settings, asked)
    if found:
        raise WitkitError([*found, *unusable(needs, settings)])
    return needs


def raised(call: Callable[[], object]) -> list[Diagnostic]:
    """The diagnostics with which a call fails, if it does."""
    try:
        call()
    except WitkitError as refused:
        return list(refused.diagnostics)
    return []
