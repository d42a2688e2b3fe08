"""What a project says about formatting: `[fmt]` of `witkit.toml`, or `[tool.witkit.fmt]` of `pyproject.toml`.

[fmt]
indent-width = 2      # or 4, which is the default
line-width = 120      # 100 if nothing is said
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from witkit.syntax.formatter.options import FormatOptions
from witkit.text.projects import nearest_table
from witkit.text.settings import SettingsTable

_INDENTS: Final = (2, 4)
_NARROWEST: Final = 40


def options_for(folder: Path) -> FormatOptions:
    """The options of the nearest file, in `folder` or above, that says something about formatting.

    Raises WitkitError for what is wrong in it.
    """
    found = nearest_table(folder, "fmt")
    return FormatOptions() if found is None else _read(found[0])


def _read(table: SettingsTable) -> FormatOptions:
    table.reject_unknown_keys("indent-width", "line-width")
    indent, line = table.integer("indent-width"), table.integer("line-width")
    if indent is not None and indent not in _INDENTS:
        table.wrong("indent-width", f"`indent-width` cannot be {indent}", "choose 2 or 4")
    if line is not None and line < _NARROWEST:
        table.wrong("line-width", f"`line-width` cannot be {line}", f"choose {_NARROWEST} or more")
    table.finish()
    default = FormatOptions()
    return FormatOptions(indent or default.indent_width, line or default.line_width)
