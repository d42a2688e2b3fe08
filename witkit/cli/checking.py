"""What `witkit check` does with its packages: look, fix, compare with a baseline, and sum up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from witkit.checks import known
from witkit.checks.checked import Checked
from witkit.checks.chosen import Wanted
from witkit.checks.configuration import CheckConfiguration
from witkit.cli.options import features_of
from witkit.cli.packages import is_vendored
from witkit.cli.report import counted, exit_code, report, tally
from witkit.text import Diagnostic, Span, WitkitError, error
from witkit.text.values import value

if TYPE_CHECKING:
    from witkit.ir import Features, Loaded

NO_BASELINE = "WIT0938"


class Fixes(Enum):
    """Which fixes are applied."""

    NONE = auto()
    SAFE = auto()
    ALL = auto()


@value(frozen=True, slots=True)
class CheckedPackage:
    """A package that was checked, and how."""

    path: Path
    configuration: CheckConfiguration
    checked: Checked


def checked(path: Path, wanted: Wanted, fixes: Fixes = Fixes.NONE) -> CheckedPackage:
    """Check the package at a path, and fix it in memory if that is wanted.

    Raises WitkitError for what is wrong in the settings of its project, or in the package that it is compared with.
    """
    configuration = wanted.configuration(path)
    place = _place(path, configuration, wanted)
    if place is not None and known.is_known(place):
        return CheckedPackage(path, configuration, Checked(()))
    done = _checked(path, configuration, wanted, fixes)
    # Whoever changes a file during the check must not find that its new text is known.
    if place is not None and not (done.found or done.texts) and _place(path, configuration, wanted) == place:
        known.remember(place)
    return CheckedPackage(path, configuration, done)


def _place(path: Path, configuration: CheckConfiguration, wanted: Wanted) -> Path | None:
    """Where it is kept that there is nothing to be found. A baseline may have findings that are gone."""
    if configuration.against is not None or configuration.baseline is not None:
        return None
    return known.place_of(path, configuration.settings, wanted.features, all_features=wanted.all_features)


def _checked(path: Path, configuration: CheckConfiguration, wanted: Wanted, fixes: Fixes) -> Checked:
    # A package that is known costs none of these imports.
    from witkit.checks.fixing import checked_package, fix
    from witkit.ir import load

    settings = configuration.settings
    features = features_of(wanted.features, wanted.all_features)
    if configuration.against is not None:
        settings = replace(
            settings, against=_before(path, configuration.against, configuration.against_place, features)
        )
    try:
        if fixes is Fixes.NONE:
            return checked_package(load(path, features=features), settings)
        return fix(
            lambda texts: load(path, features=features, texts=texts),
            settings,
            unsafe=fixes is Fixes.ALL,
        )
    except WitkitError as unreadable:
        return Checked(unreadable.diagnostics)


def _before(path: Path, against: str, place: Span | None, features: Features) -> Loaded:
    """The package as it was. `place` is where the settings say what that is, if they do."""
    from witkit.cli.revisions import NO_SUCH_REVISION, load_before

    try:
        return load_before(path, against, features)
    except WitkitError as wrong:
        if place is None:
            raise
        placed = (replace(d, primary=place) if d.code == NO_SUCH_REVISION else d for d in wrong.diagnostics)
        raise WitkitError(placed) from None


def findings(packages: Sequence[CheckedPackage]) -> list[Diagnostic]:
    """What is to be reported. Findings in a dependency that several packages share are reported once.

    Raises WitkitError for a baseline that cannot be read.
    """
    found: dict[object, Diagnostic] = {}
    for package in packages:
        own = [d for d in package.checked.found if d.is_error or not is_vendored(d.where, package.path)]
        if (file := package.configuration.baseline) is not None:
            from witkit.checks.baseline import new_findings, read_baseline

            listed = [entry for entry in read_baseline(file) if entry.package in package.checked.packages]
            own = new_findings(own, listed, file)
        for d in (*package.configuration.problems, *own):
            found.setdefault((d.where, d.primary and d.primary.start, d.code, d.message), d)
    return list(found.values())


def write_baselines(packages: Sequence[CheckedPackage]) -> str:
    """Write the findings of rules to the baselines of the packages, and say how many there are.

    What a baseline knows about other packages stays in it. Raises WitkitError if no baseline is named (WIT0938).
    """
    from witkit.checks.baseline import KnownFinding, baseline_text, entries, read_baseline

    written: dict[Path, list[KnownFinding]] = {}
    for package in packages:
        file = package.configuration.baseline
        if file is None:
            help = "name one with --baseline, or as `baseline` in the settings"
            raise WitkitError([error(NO_BASELINE, "there is no baseline to write", file=str(package.path), help=help)])
        if file not in written:
            written[file] = read_baseline(file) if file.is_file() else []
        kept = [entry for entry in written[file] if entry.package not in package.checked.packages]
        written[file] = [*kept, *entries(package.checked.found)]
    _write({str(file): baseline_text(known) for file, known in written.items()})
    return f"{counted(sum(map(len, written.values())), 'known finding')} in {', '.join(map(str, written))}"


def show_changes(packages: Sequence[CheckedPackage]) -> int:
    """Print the changes of all packages as one diff, and what they leave to standard error; gives the exit code."""
    from witkit.cli.unified import show_diff

    texts = _texts(packages)
    for name, text in sorted(texts.items()):
        show_diff(name, Path(name).read_bytes().decode(), text)
    if left := findings(packages):
        report(left, "text", to_stderr=True, last_line=f"{tally(left)} would be left")
    return max(exit_code(left), int(bool(texts)))


def write_changes(packages: Sequence[CheckedPackage]) -> None:
    """Write the texts that the fixes changed. Raises WitkitError if the system refuses that."""
    _write(_texts(packages))


def summary(found: Sequence[Diagnostic], packages: Sequence[CheckedPackage]) -> str:
    """The last line of the output: `2 errors, 1 warning in 3 packages`, and what was or can be fixed."""
    line = f"{tally(found) or 'nothing to report'} in {counted(len(packages), 'package')}"
    fixed = sum(package.checked.count for package in packages)
    fixable = sum(d.fix is not None and d.fix.is_safe for d in found)
    more = [f"{fixed} fixed"] if fixed else []
    more += [f"{fixable} can be fixed with --fix"] if fixable else []
    # Guesses at what a text with errors means are not offered.
    unsafe = sum(d.fix is not None and not d.fix.is_safe and d.rule != "" for d in found)
    more += [f"{unsafe} {'' if fixable else 'can be fixed '}with --fix --unsafe-fixes"] if unsafe else []
    return "; ".join([line, *more])


def _texts(packages: Sequence[CheckedPackage]) -> dict[str, str]:
    return {name: text for package in packages for name, text in package.checked.texts.items()}


def _write(texts: dict[str, str]) -> None:
    from witkit.cli.files import FileChange, apply

    apply([FileChange(Path(name), text, "change") for name, text in texts.items()])
