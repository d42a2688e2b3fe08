"""Plain Python behind an import: `--provider my:interface=module:Class`, and `[providers]` in `witkit.toml`.

[providers]
"example:weather/forecast@1.2.0" = "weather:Forecast"   # the module is beside this file, or on Python's path
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import field, replace
from importlib import import_module
from inspect import Parameter, isclass, isfunction, ismodule, signature
from pathlib import Path
from typing import Any

from witkit import abi
from witkit.abi.provided import written_against
from witkit.abi.versions import find, split
from witkit.backends.errors import WrongSetting, wrong_setting
from witkit.backends.plugins import described
from witkit.backends.references import folder_of
from witkit.runtime.implementations import check
from witkit.text import Diagnostic, Span, did_you_mean
from witkit.text.settings import SettingsTable
from witkit.text.values import value

from .adapted import adapted, source_place


@value(frozen=True, slots=True)
class Provider:
    """What provides an import: `target` is `module` or `module:attribute`, found in `folder` or on Python's path.

    `is_offered` says that the import need not be there. `make` makes the object, in place of `target`.
    """

    target: str
    place: Span | None = None
    _loaded: list[Any] = field(default_factory=list, repr=False, compare=False)
    is_offered: bool = False
    make: Callable[[], Any] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def given(cls, provider: Any) -> Provider:
        """An object that is there already, for guests that have the import."""
        return cls("", _loaded=[provider], is_offered=True)

    def load(self) -> Any:
        """The object: a module, an instance of a class, what a function returns, or any other object as it is. It is
        made once.

        Raises WitkitError (WIT0910) if it cannot be imported or made.
        """
        if not self._loaded:
            self._loaded.append(self._load() if self.make is None else self.make())
        return self._loaded[0]

    def _load(self) -> Any:
        module, _, attribute = self.target.partition(":")
        try:
            with _searching(folder_of(self.place)):
                found: Any = import_module(module)
                for name in filter(None, attribute.split(".")):
                    found = getattr(found, name)
                is_called = isclass(found) or isfunction(found)
                if is_called and (needed := _needed(found)):
                    help = f"`{attribute}` is called without arguments. A resource is a class inside the provider"
                    raise wrong_setting(f"the provider `{self.target}` needs the argument `{needed}`", help)
                return found() if is_called else found
        except WrongSetting as wrong:
            raise (wrong.at(self.place) if self.place else wrong) from None
        except (Exception, SystemExit) as problem:
            refused = wrong_setting(f"the provider `{self.target}` cannot be loaded: {described(problem)}")
            raise (refused.at(self.place) if self.place else refused) from None


def _needed(made: Callable[..., Any]) -> str:
    """The first argument without which it cannot be called, or nothing."""
    try:
        found = signature(made).parameters.values()
    except (TypeError, ValueError):  # a class that is not written in Python
        return ""
    optional = (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    return next((each.name for each in found if each.default is each.empty and each.kind not in optional), "")


def given(texts: Iterable[str]) -> dict[str, Provider]:
    """Providers by interface, from `INTERFACE=MODULE[:ATTRIBUTE]`. Raises ValueError."""
    return dict(map(_pair, texts))


def read_providers(table: SettingsTable) -> dict[str, Provider]:
    """`[providers]`. Mistakes are problems of the table."""
    found = {}
    for name in table.values:
        target = table.text(name)
        if target is not None and not _is_target(target):
            table.wrong(name, f"`{target}` does not have the form MODULE or MODULE:CLASS")
        elif target is not None:
            found[name] = Provider(target, table.place(name))
    return found


def chosen(providers: Mapping[str, Provider], imports: Mapping[str, str]) -> dict[str, Provider]:
    """The provider of each import that has one: by its label, by its interface with a compatible version or without
    version."""
    found = {}
    for name, interface in imports.items():
        key = next((each for each in (name, interface, split(interface)[0]) if each in providers), None)
        key = key or find(interface, [each for each in providers if "@" in each])
        if key is not None:
            found[name] = providers[key]
    return found


def unused(providers: Mapping[str, Provider], imports: Mapping[str, str]) -> list[Diagnostic]:
    """Findings (WIT0910) for providers of options that provide no import. A file may be for several programs."""
    used = [id(each) for each in chosen(providers, imports).values()]
    names = [*imports, *(split(each)[0] for each in imports.values())]
    return [
        said
        for name, each in providers.items()
        if each.place is None and not each.is_offered and id(each) not in used
        for said in wrong_setting(
            f"`--provider` names `{name}`, which is not imported",
            did_you_mean(name, names) or f"imports: {', '.join(imports) or 'none'}",
        ).diagnostics
    ]


def missing(name: str, interface: abi.Interface, provider: Any, file: str) -> list[Diagnostic]:
    """What a provider lacks, at the line of its class."""
    place = source_place(provider if ismodule(provider) else type(provider))
    return [replace(said, primary=place or said.primary) for said in check(name, interface.functions, provider, file)]


def implementation(interface: abi.Interface, provider: Any) -> Any:
    """What an import is given: the provider itself if it was written for a generated package, else an adapter."""
    if next(written_against(provider, interface), None) is not None:
        return provider
    return adapted(interface, provider)


def closing(stack: ExitStack, provider: Any) -> Any:
    """The provider, whose method `close` is called when the stack ends, if it has one."""
    if not ismodule(provider) and callable(close := getattr(provider, "close", None)):
        stack.callback(close)
    return provider


def host_style(interface: abi.Interface) -> abi.Interface:
    """The interface with methods, static functions and constructors of resources, as a class has them."""
    resources = {each.name: each for each in interface.resources}
    return replace(interface, functions=tuple(_styled(func, resources) for func in interface.functions))


def _styled(func: abi.Func, resources: Mapping[str, abi.Resource]) -> abi.Func:
    kind, bracket, rest = func.name.removeprefix("[").partition("]")
    resource = resources.get(rest.partition(".")[0]) if bracket else None
    if resource is None or func.kind != "free":
        return func
    params = func.params[1:] if kind == "method" else func.params
    return replace(func, kind=kind, resource=resource, params=params)


def _pair(text: str) -> tuple[str, Provider]:
    interface, equals, target = text.partition("=")
    if not interface or not equals or not _is_target(target):
        raise ValueError("a provider has the form INTERFACE=MODULE or INTERFACE=MODULE:CLASS")
    return interface, Provider(target)


def _is_target(text: str) -> bool:
    module, colon, attribute = text.partition(":")
    names = [*module.split("."), *(attribute.split(".") if colon else [])]
    return all(name.isidentifier() for name in names)


@contextmanager
def _searching(folder: Path) -> Iterator[None]:
    """Find modules in a folder first."""
    before = list(sys.path)
    sys.path.insert(0, str(folder.absolute()))
    try:
        yield
    finally:
        sys.path[:] = before
