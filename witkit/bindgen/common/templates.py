"""Jinja as targets use it: strict, its compiled templates kept in the user's cache folder.

A template of the user's folder replaces the one of the same name (`host/record.py.jinja`). Others that it includes have
names that begin with `_`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from witkit._resources import data_folder
from witkit.bindgen.common import docs
from witkit.bindgen.targets import TARGETS
from witkit.text import Diagnostic, WitkitError, did_you_mean, error

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE_FAILED = "WIT0601"
REPLACES_NOTHING = "WIT0605"


class Templates:
    """The templates of one target, with those of the user before them.

    Raises `WitkitError` if a template of the user cannot be read, or replaces none.
    """

    def __init__(self, target: str, overrides: Path | None = None) -> None:
        self._target = target
        self._overrides = overrides
        if overrides is not None:
            _check_overrides(overrides, target)

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        """Fill `TARGET/template`. Raises `WitkitError` that names the template and line which failed."""
        from jinja2 import TemplateError

        try:
            return self._environment.get_template(f"{self._target}/{template}").render(values)
        except Exception as failure:
            if self._overrides is None and not isinstance(failure, TemplateError):
                raise
            # What an expression of the user's template raises may be anything.
            raise WitkitError([_failed(failure, f"{self._target}/{template}")]) from failure

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

        from witkit.bindgen.common.compiled import CompiledTemplates

        folders = [self._overrides] if self._overrides else []
        loaders = [FileSystemLoader(folder) for folder in (*folders, data_folder("templates"))]
        environment = Environment(
            loader=ChoiceLoader(loaders),
            undefined=StrictUndefined,
            bytecode_cache=CompiledTemplates(),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,
        )
        environment.filters["docstring"] = docs.docstring
        environment.filters["comment"] = docs.comment
        return environment


def _check_overrides(folder: Path, target: str) -> None:
    """Raise `WitkitError` for a folder, or a file in it, that does not replace a template."""
    if not any((folder / name).is_dir() for name in TARGETS):
        places = " or ".join(f"`{name}`" for name in TARGETS)
        message = f"`{folder}` has no templates: they are in a folder {places} of it"
        raise WitkitError([error(REPLACES_NOTHING, message, file=str(folder))])
    known = sorted(shipped.name for shipped in (data_folder("templates") / target).glob("*.jinja"))
    for path in sorted((folder / target).rglob("*.jinja")):
        _check_override(path, f"{target}/{path.name}", known)


def _check_override(path: Path, name: str, known: list[str]) -> None:
    if path.name not in known and not path.name.startswith("_"):
        help = did_you_mean(path.name, known) or f"templates: {', '.join(known)}"
        raise WitkitError(
            [error(REPLACES_NOTHING, f"there is no template `{name}` to replace", help=help, file=str(path))]
        )
    try:
        path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not UTF-8"
        message = f"template `{name}` cannot be read: {reason.lower()}"
        raise WitkitError([error(TEMPLATE_FAILED, message, file=str(path))]) from failure


def _failed(failure: Exception, template: str) -> Diagnostic:
    name, line = _where(failure, template)
    return error(
        TEMPLATE_FAILED,
        f"template `{name}` failed at line {line}: {failure}",
        file=name,
        help="compare it with the template of the same name that witkit ships",
    )


def _where(failure: Exception, template: str) -> tuple[str, int]:
    """Where a template failed: a syntax error says it itself, for others it is the traceback's last template frame."""
    if lineno := getattr(failure, "lineno", None):
        return str(getattr(failure, "name", None) or template), int(lineno)
    place, trace = (template, 1), failure.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".jinja"):
            place = ("/".join(Path(file).parts[-2:]), trace.tb_lineno)
        trace = trace.tb_next
    return place
