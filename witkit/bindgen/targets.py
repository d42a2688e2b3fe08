"""The targets: witkit's own in one table, those of other distributions by entry points."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from witkit.text import WitkitError, did_you_mean, error

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from witkit.bindgen.target import Target

TARGETS: Final = {
    "host": "witkit.bindgen.host.target:HOST",
    "guest": "witkit.bindgen.guest.target:GUEST",
    "payloads": "witkit.bindgen.payloads.target:PAYLOADS",
}
"""witkit's own, each an object by its module and name. These modules import nothing heavy."""

ENTRY_POINTS: Final = "witkit.targets"
"""The group of entry points: each is called like its target and loads the object."""

NO_TARGET: Final = "WIT0603"
PLUGIN_FAILED: Final = "WIT0608"


def target_names() -> list[str]:
    """The names of all targets, witkit's own first."""
    return [*TARGETS, *sorted({point.name for point in _points()} - TARGETS.keys())]


def find_target(name: str) -> Target:
    """The target of that name.

    Raises `WitkitError` if there is none (WIT0603), or if one of another distribution does not load (WIT0608).
    """
    if name in TARGETS:
        module, _, attribute = TARGETS[name].partition(":")
        target: Target = getattr(import_module(module), attribute)
        return target
    for point in _points():
        if point.name == name:
            return _plugin(point)
    known = target_names()
    help = did_you_mean(name, known) or f"the targets are {', '.join(f'`{one}`' for one in known)}"
    raise WitkitError([error(NO_TARGET, f"there is no target `{name}`", help=help)])


def plugin_failed(name: str, what: str, failure: Exception) -> WitkitError:
    """The error for what a target of another distribution raised; `what` says what it was doing."""
    origins = [f"{point.value} of {point.dist.name}" for point in _points() if point.name == name and point.dist]
    message = f"the target `{name}` {what}: {type(failure).__name__}: {failure}"
    help = f"it comes from another distribution: {', '.join(origins)}" if origins else ""
    return WitkitError([error(PLUGIN_FAILED, message, help=help)])


def _points() -> list[EntryPoint]:
    # Reading the metadata of what is installed takes longer than a run with nothing to do.
    from importlib.metadata import entry_points

    return list(entry_points(group=ENTRY_POINTS))


def _plugin(point: EntryPoint) -> Target:
    from witkit.bindgen.target import Target

    try:
        target = point.load()
    except Exception as failure:
        raise plugin_failed(point.name, "does not load", failure) from failure
    if not isinstance(target, Target) or target.name != point.name:
        wrong = TypeError(f"`{point.value}` is not a `witkit.bindgen.target.Target` of that name")
        raise plugin_failed(point.name, "does not load", wrong)
    return target
