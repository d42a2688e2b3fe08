"""What a project says about checking: `[check]` of `witkit.toml`, or `[tool.witkit.check]` of `pyproject.toml`.

[check]
preset = "wasi"                        # "standard" if nothing is said
select = ["undocumented-type"]         # rules to add: names, codes or categories
ignore = ["names"]                     # rules to leave out
target = "componentize-py@0.25.1"      # what must be able to carry the package
wasi = "0.3.0"                         # the release of WASI that it is for
against = "origin/main"                # what it is compared with: a revision of git, or a path from here
plugins = ["acme"]                     # rules of other distributions, by the names of their entry points
baseline = "witkit-baseline.json"      # findings that are known, from the folder of this file

[check.per-path."legacy/**"]           # for these files only, from the folder of this file
ignore = ["documentation"]

[check.rules.undocumented-function]    # the options of a rule
constructors = true
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from witkit.checks.rule import CATEGORIES, PRESETS, Listed, Option, Rule
from witkit.checks.settings import RELEASES, PerPath, RuleChoice, Settings, is_known, known_targets, target_version
from witkit.checks.table import rule_of
from witkit.text import Diagnostic, Severity, Span, did_you_mean
from witkit.text.projects import nearest_table
from witkit.text.values import value

if TYPE_CHECKING:
    from witkit.text.settings import SettingsTable

BAD_PLUGIN: Final = "WIT1093"

_KEYS = ("preset", "select", "ignore", "target", "wasi", "against", "baseline", "plugins", "per-path", "rules")
_KINDS = {bool: "true or false", int: "a whole number", str: "a text in quotes", tuple: "a list of texts"}


@value(frozen=True, slots=True)
class CheckConfiguration:
    """The settings of a project, the file with its known findings, and what its packages are compared with.

    `against_place` is where that is written. `problems` are warnings about plug-ins that cannot be used.
    """

    settings: Settings = field(default_factory=Settings)
    baseline: Path | None = None
    against: str | None = None
    against_place: Span | None = None
    problems: tuple[Diagnostic, ...] = ()


def configuration(folder: Path, rules: Sequence[Listed]) -> CheckConfiguration:
    """What the nearest file, in `folder` or above, says about checking; the defaults if there is none.

    `witkit.toml` counts before a `pyproject.toml` of the same folder. Raises WitkitError for what is wrong in it.
    """
    found = nearest_table(folder, "check")
    return CheckConfiguration() if found is None else read_configuration(*found, rules)


def read_configuration(table: SettingsTable, folder: Path, rules: Sequence[Listed]) -> CheckConfiguration:
    """What a table `check` says. Raises WitkitError with everything that is wrong in it."""
    table.reject_unknown_keys(*_KEYS)
    added, problems = _plugins(table, rules)
    rules = (*rules, *added)
    below = table.table("per-path")
    paths = [PerPath(_pattern(path, folder), _choice(below.table(path), rules, is_all=True)) for path in below.values]
    baseline = table.text("baseline")
    if baseline == "":
        table.wrong("baseline", "`baseline` cannot be empty", "name a file, or remove this line")
    settings = Settings(
        preset=table.one_of("preset", PRESETS) or "standard",
        choices=(_choice(table, rules),),
        per_path=tuple(paths),
        options=_options(table.table("rules"), rules),
        target=_target(table),
        wasi=table.one_of("wasi", RELEASES),
        added=added,
    )
    against = _against(table, folder)
    table.finish()
    place = table.place("against")
    return CheckConfiguration(settings, folder / baseline if baseline else None, against, place, problems)


def _against(table: SettingsTable, folder: Path) -> str | None:
    """What packages are compared with: a path from the folder of the settings, or else a revision of git."""
    against = table.text("against")
    return str(folder / against) if against and (folder / against).exists() else against


def _plugins(table: SettingsTable, rules: Sequence[Listed]) -> tuple[tuple[Rule, ...], tuple[Diagnostic, ...]]:
    """The rules of the plug-ins that a project names, and a warning for each that cannot be used."""
    added: list[Rule] = []
    problems = []
    for name in table.texts("plugins") or ():
        from witkit.checks.plugins import load_plugin

        plugin = load_plugin(name, (*rules, *added))
        added += plugin.rules
        if plugin.problem:
            place = table.place("plugins")
            help = f"it is from {plugin.origin}" if plugin.origin else "install it, or remove it from `plugins`"
            problems.append(Diagnostic(BAD_PLUGIN, Severity.WARNING, plugin.problem, place, help=help))
    return tuple(added), tuple(problems)


def _target(table: SettingsTable) -> str | None:
    target = table.text("target")
    if target is not None and target_version(target) is None:
        table.wrong("target", f"there is no target `{target}`", f"known targets: {known_targets()}")
    return target


def unknown_name(name: str, rules: Sequence[Listed]) -> str:
    """Help for a name that stands for no rule, code or category; empty for one that does."""
    if is_known(name, rules):
        return ""
    return did_you_mean(name, [*(rule.name for rule in rules), *CATEGORIES]) or "`witkit rules` lists the rules"


def _choice(table: SettingsTable, rules: Sequence[Listed], *, is_all: bool = False) -> RuleChoice:
    if is_all:
        table.reject_unknown_keys("select", "ignore")
    return RuleChoice(_names(table, "select", rules), _names(table, "ignore", rules))


def _names(table: SettingsTable, key: str, rules: Sequence[Listed]) -> tuple[str, ...]:
    """The names of rules and categories that a key lists."""
    names = table.texts(key) or ()
    for name in names:
        if help := unknown_name(name, rules):
            table.wrong(key, f"there is no rule or category `{name}`", help)
    return names


def _options(table: SettingsTable, rules: Sequence[Listed]) -> Mapping[str, Mapping[str, Option]]:
    by_name = {rule.name: rule for rule in rules}
    table.reject_unknown_keys(*by_name)
    known = {name: rule_of(by_name[name]) for name in table.values if name in by_name}
    for name, rule in known.items():
        if not rule.options:
            table.wrong(name, f"`{name}` has no options", f"`witkit explain {name}` shows what it does")
    return {name: _options_of(rule, table.table(name)) for name, rule in known.items() if rule.options}


def _options_of(rule: Rule, table: SettingsTable) -> Mapping[str, Option]:
    table.reject_unknown_keys(*rule.options)
    found: dict[str, Option] = {}
    for key, default in rule.options.items():
        value = table.values.get(key, default)
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            value = tuple(value)
        if type(value) is not type(default):
            table.wrong(key, f"`{key}` must be {_KINDS[type(default)]}")
        found[key] = value
    return found


def _pattern(path: str, folder: Path) -> re.Pattern[str]:
    """A pattern for whole paths: `*` and `?` stay within one name, `**` goes through folders."""
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pattern = re.sub(r"\*\*/|\*\*|[*?]|[^*?]+", lambda found: parts.get(found[0]) or re.escape(found[0]), path)
    return re.compile(re.escape(folder.absolute().as_posix().rstrip("/") + "/") + pattern)
