"""`witkit.toml`: what a project has chosen for its components and for its guests under CPython.

[key-value]                  # a capability
backend = "filesystem"       # if this is left out: the default backend
path = "data"                # a setting of the backend; paths are relative to this file

[key-value.names.orders]     # for what a guest opens as "orders", or imports under this label
backend = "redis"
url = "${env:REDIS_URL}"

`[grants]` and `[limits]` are those of `grants`. The file is the nearest one, from the current folder upwards. A
configuration of slight is read, too, see `slightfile`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from witkit.backends.connect import NONE, Choice
from witkit.backends.table import CAPABILITIES, Capability
from witkit.runtime import Limits
from witkit.text import Diagnostic, WitkitError
from witkit.text.projects import find_project, settings_in, upward
from witkit.text.settings import SettingsTable, read_toml
from witkit.text.toml_places import dotted

from .grants import Grants, read_grants, read_limits
from .pool import PoolSettings
from .pool_settings import read_pool, read_workers
from .providers import Provider, read_providers
from .slightfile import is_slightfile, slight_choices
from .triggers.http.settings import HttpSettings, read_http
from .triggers.messages.settings import Subscription, read_subscriptions
from .triggers.table import SUBTABLES, TABLES
from .triggers.watch.settings import Watched, read_watches

FILE = "witkit.toml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """A whole file: the choices of backends by capability, providers by interface, grants, limits, and for
    programs that are called: how requests are answered, instances and processes, subscriptions, watches.

    What `problems` are about is left out or has its default. `whole` is the file, for triggers of other distributions.
    """

    choices: Mapping[str, Choice] = field(default_factory=dict)
    providers: Mapping[str, Provider] = field(default_factory=dict)
    grants: Grants = field(default_factory=Grants)
    limits: Limits = field(default_factory=Limits)
    http: HttpSettings = field(default_factory=HttpSettings)
    pool: PoolSettings = field(default_factory=PoolSettings)
    workers: int = 1
    subscriptions: Sequence[Subscription] = ()
    watches: Sequence[Watched] = ()
    problems: Sequence[Diagnostic] = ()
    whole: SettingsTable | None = None


def examine_configuration(file: Path | None = None, *, folder: Path | None = None) -> Configuration:
    """As `read_configuration`, but with unknown keys and wrong values as `problems`, to report them with others."""
    chosen = file or nearest(FILE, folder or Path())
    if chosen is None:
        return Configuration()
    whole = read_toml(chosen, private=True)
    found = Configuration(slight_choices(whole)) if is_slightfile(whole) else _configuration(whole)
    return replace(found, problems=whole.sorted_problems, whole=whole)


def read_configuration(file: Path | None = None, *, folder: Path | None = None) -> Configuration:
    """What is in `file`, or in the nearest `witkit.toml`, from `folder` (the current one) upwards.

    Raises WitkitError (WIT0901 to WIT0904) for a file that is missing or not valid TOML, and with all unknown keys and
    wrong values. Settings are checked when the backend is opened.
    """
    found = examine_configuration(file, folder=folder)
    if found.problems:
        raise WitkitError(found.problems)
    return found


def _configuration(whole: SettingsTable) -> Configuration:
    whole.reject_unknown_keys(*CAPABILITIES, "check", "fmt", "providers", "grants", "limits", *TABLES)
    chosen = {name: _choice(whole.table(name), each) for name, each in CAPABILITIES.items() if name in whole.values}
    choices = {name: choice for name, choice in chosen.items() if choice is not None}
    providers = read_providers(whole.table("providers"))
    return Configuration(
        choices,
        providers,
        read_grants(whole.table("grants")),
        read_limits(whole.table("limits")),
        http=read_http(whole.table("http")),
        pool=read_pool(whole.table("instances")),
        workers=read_workers(whole.table("serve")),
        subscriptions=read_subscriptions(whole.table("messaging")),
        watches=read_watches(whole.table("key-value")),
    )


def nearest(name: str, folder: Path) -> Path | None:
    """The nearest file with this name, from a folder upwards, or None.

    A folder with the name is not passed over: reading it says what is wrong.
    """
    files = (each / name for each in upward(folder))
    return next((file for file in files if file.is_file() or file.is_dir()), None)


def guest_folders(folder: Path) -> list[Path]:
    """The folders with the modules of the guest in `folder`, in the order of its project's build.

    If the folder is not one of those, or if the settings of its project cannot be read, only the folder itself.
    """
    try:
        project = find_project(folder)
        settings = settings_in(project) if project else None
        paths = (settings.table("build").texts("paths") if settings else None) or ["."]
    except WitkitError:
        return [folder]
    found = [project / path for path in paths] if project else []
    return found if any(each.absolute() == folder.absolute() for each in found) else [folder]


def combined(project: Mapping[str, Choice], given: Mapping[str, Choice]) -> dict[str, Choice]:
    """The project's choices, overridden by those of one run, setting by setting.

    If the run chooses another backend, the project's settings are ignored, because they are for its own backend.
    """
    both = project.keys() & given.keys()
    over = {name: given[name].over(project[name], CAPABILITIES[name]) for name in both}
    return {**project, **given, **over}


def _choice(table: SettingsTable, capability: Capability, *, is_named: bool = False) -> Choice | None:
    """The choice in a table. One for a name has no names of its own.

    None for an unknown backend. If it has names, their mistakes are looked for, too.
    """
    has_topics = capability.name == "messaging" and not is_named
    backend = table.one_of("backend", [*capability.names(), *([] if is_named else [NONE])])
    own = {"backend"} if is_named else {"backend", "names", *SUBTABLES.get(capability.name, ())}
    settings = {key: value for key, value in table.values.items() if key not in own}
    places = table.places_of_settings()
    names = {} if is_named else _names(table.table("names"), capability)
    if backend is None and "backend" in table.values:
        return Choice(NONE, names=names) if names else None
    return Choice(backend, settings, places, names, _typing(table) if has_topics else None)


def _typing(table: SettingsTable) -> Callable[[Any], Any] | None:
    """What gives topics a type. Few projects have that, so its parts are imported only here."""
    subscriptions = table.values.get("subscriptions")
    tables = subscriptions if isinstance(subscriptions, list) else ()
    if "topics" not in table.values and not any(isinstance(each, Mapping) and "type" in each for each in tables):
        return None
    from .topics import read_topics

    return read_topics(table)


def _names(table: SettingsTable, capability: Capability) -> dict[str, Choice]:
    """The choices for what a guest opens by these names, or imports under these labels."""
    for key, value in table.values.items():
        if not isinstance(value, Mapping):
            table.wrong(
                key, f"`{key}` must be a table: what is opened under this name", f"[{dotted((*table.path, key))}]"
            )
    tables = [name for name, value in table.values.items() if isinstance(value, Mapping)]
    chosen = {name: _choice(table.table(name), capability, is_named=True) for name in tables}
    return {name: choice for name, choice in chosen.items() if choice is not None}
