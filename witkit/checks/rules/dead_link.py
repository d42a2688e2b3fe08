"""Link to a file that does not exist.

## What it does

Reports links in documentation to a file that is missing: a path relative to the WIT file, or a page of the repository
on GitHub that `origin` of this checkout names. An address such as `https://github.com/owner/name/guide.md` is reported
as well: GitHub has files below `blob/BRANCH` only. Other addresses are not looked at, and nothing is fetched.

## Why

Pages move when a proposal grows, and the interface goes on to promise them. The details that it leaves to the page are
then nowhere.

## Bad

```wit
package example:shop;

/// The rules are in [the guide](docs/guide.md).
interface prices {}
```

## Good

```wit
package example:shop;

/// The rules are in [the guide](rules.wit).
interface prices {}
```

```wit
// rules.wit
interface rules {}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from witkit.checks.context import Context
from witkit.checks.prose import Documentation
from witkit.checks.rule import WASI, Finding, Rule

_LINK: Final = re.compile(
    r"\]\(\s*<?([^\s()<>]+)|^[ \t]*\[[^\]\n]+\]:\s*<?([^\s<>]+)|(https://github\.com/[^\s()<>\]]+)", re.M
)
_FILE: Final = re.compile(r"(?![\w+.-]+:|#|/)[^?#]*(?:/|\.(?:md|wit|html|txt|svg|png|json|toml)$)[^?#]*")
_GITHUB: Final = re.compile(
    r"https://github\.com/(?P<repository>[\w.-]+/[\w.-]+)/(?:(?:blob|tree)/(?P<branch>[\w.-]+)/)?(?P<path>.+)"
)
_NEWEST: Final = frozenset({"main", "master", "HEAD"})
"""What is in these branches should be in a checkout as well."""
_ORIGIN: Final = re.compile(r"github\.com[:/]([\w.-]+?/[\w.-]+?)(?:\.git)?/?$", re.M)


def check(text: Documentation, context: Context) -> Iterator[Finding]:
    """One finding for each link whose file is missing."""
    if "](" not in text.text and "]:" not in text.text and "github.com" not in text.text:
        return
    folder = Path(context.file.source.name).absolute().parent
    for found in _LINK.finditer(text.prose):
        start, target = found.start(found.lastindex or 0), found[found.lastindex or 0].rstrip(".,:;")
        if reason := _missing(target, folder, context):
            help = "write where the page is now, or remove the link"
            yield Finding(text.span(start, start + len(target)), reason, help)


def _missing(target: str, folder: Path, context: Context) -> str:
    """What to report about a link; empty if it may work."""
    path = re.split(r"[?#]", target)[0]
    if (on_github := _GITHUB.fullmatch(path)) is not None:
        return _missing_on_github(on_github["repository"], on_github["branch"], on_github["path"], folder, context)
    return f"there is no file `{path}`" if _FILE.fullmatch(path) and not _may_exist(folder, path) else ""


def _missing_on_github(repository: str, branch: str | None, path: str, folder: Path, context: Context) -> str:
    if branch is None:
        is_file = re.fullmatch(r"[^/]+\.(?:md|wit|txt)", path)
        return "GitHub has no file at this address, which lacks `blob/BRANCH`" if is_file else ""
    root, origin = context.once(_checkout, folder)
    is_dead = root is not None and repository == origin and branch in _NEWEST and not _may_exist(root, path)
    return f"this repository has no `{path}`" if is_dead else ""


def _may_exist(folder: Path, path: str) -> bool:
    """Whether a file exists, or nobody can say that it does not. `%20` and the like stand for characters."""
    try:
        return (folder / unquote(path)).exists()
    except OSError:
        return True


def _checkout(folder: Path) -> tuple[Path | None, str]:
    """The root of the repository around a folder, and its name on GitHub."""
    for root in (folder, *folder.parents):
        settings = root / ".git" / "config"
        try:
            text = settings.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        section = re.search(r'\[remote "origin"\][^[]*', text)
        origin = _ORIGIN.search(section[0]) if section else None
        return root, origin[1] if origin else ""
    return None, ""


RULE = Rule(
    code="WIT1311",
    name="dead-link",
    category="documentation",
    presets=WASI,
    on=(Documentation,),
    check=check,
    doc=__doc__,
)
