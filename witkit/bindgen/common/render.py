"""Jinja as generators use it: strict, its compiled templates kept in the user's cache folder.

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
from witkit.text import Diagnostic, WitkitError, did_you_mean, error

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE_FAILED = "WIT0601"
REPLACES_NOTHING = "WIT0605"


class Renderer:
    """The templates of one backend, with those of the user before them."""

    def __init__(self, backend: str, overrides: Path | None = None) -> None:
        self._backend = backend
        self._overrides = overrides

    @property
    def is_own(self) -> bool:
        """Whether all templates are those of witkit itself, none a user's."""
        return self._overrides is None

    @cached_property
    def fingerprint(self) -> tuple[str, ...]:
        """The texts of the user's own templates: an input of every file."""
        if self._overrides is None:
            return ()
        if not any((self._overrides / backend).is_dir() for backend in ("host", "guest")):
            message = f"`{self._overrides}` has no templates: they are in a folder `host` or `guest` of it"
            raise WitkitError([error(REPLACES_NOTHING, message, file=str(self._overrides))])
        found = sorted((self._overrides / self._backend).rglob("*.jinja"))
        return tuple(_own_template(path, self._backend) for path in found)

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        """Fill `BACKEND/template`. Raises `WitkitError` that names the template and line which failed."""
        from jinja2 import TemplateError

        try:
            return self._environment.get_template(f"{self._backend}/{template}").render(values)
        except Exception as failure:
            if self._overrides is None and not isinstance(failure, TemplateError):
                raise
            # What an expression of the user's template raises may be anything.
            raise WitkitError([_failed(failure, f"{self._backend}/{template}")]) from failure

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


def _own_template(path: Path, backend: str) -> str:
    """The text of one of the user's templates. Raises `WitkitError` where it cannot be read or stands for none."""
    name = f"{backend}/{path.name}"
    known = sorted(shipped.name for shipped in (data_folder("templates") / backend).glob("*.jinja"))
    if path.name not in known and not path.name.startswith("_"):
        help = did_you_mean(path.name, known) or f"templates: {', '.join(known)}"
        raise WitkitError(
            [error(REPLACES_NOTHING, f"there is no template `{name}` to replace", help=help, file=str(path))]
        )
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not UTF-8"
        message = f"template `{name}` cannot be read: {reason.lower()}"
        raise WitkitError([error(TEMPLATE_FAILED, message, file=str(path))]) from failure


def _failed(failure: Exception, template: str) -> Diagnostic:
    name, line = _place(failure, template)
    return error(
        TEMPLATE_FAILED,
        f"template `{name}` failed at line {line}: {failure}",
        file=name,
        help="compare it with the template of the same name that witkit ships",
    )


def _place(failure: Exception, template: str) -> tuple[str, int]:
    """Where a template failed: told by a syntax error itself, by the traceback's last template frame otherwise."""
    if lineno := getattr(failure, "lineno", None):
        return str(getattr(failure, "name", None) or template), int(lineno)
    place, trace = (template, 1), failure.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".jinja"):
            place = ("/".join(Path(file).parts[-2:]), trace.tb_lineno)
        trace = trace.tb_next
    return place
