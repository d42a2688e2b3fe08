"""A package as it was: in another folder, or at a revision of git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from witkit.cli.packages import package_of
from witkit.ir import Features, Loaded, load
from witkit.text import WitkitError, error

NO_SUCH_REVISION: Final = "WIT0939"
_LINK: Final = "120000"
_OF_PACKAGES = (".wit", ".wasm", "deps.toml", "deps.lock", "wkg.toml", "wkg.lock")


def load_before(package: Path, before: str, features: Features) -> Loaded:
    """Load what `before` names: a path, `REVISION`, which is the package at a revision, or `REVISION:PATH`.

    `PATH` is relative to the top of the repository. Raises WitkitError if there is no such revision or path (WIT0939),
    or if what is there has errors.
    """
    if Path(before).exists():
        return load(Path(before), features=features).raise_for_errors()
    revision, _, path = before.partition(":")
    folder = package if package.is_dir() else package.parent
    top = Path(_git(folder, before, "rev-parse", "--show-toplevel").decode().strip())
    tree = _git(top, before, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{tree}}")
    inside = Path(path) if path else package.resolve().relative_to(top.resolve())
    with TemporaryDirectory() as copy:
        _copy(top, tree.decode().strip(), Path(copy), before)
        found = package_of(Path(copy) / inside)
        if found is None or not found.exists():
            raise _not_found(before, f"there is no `{inside.as_posix()}` at `{revision}`")
        shown = f"{revision}:{found.relative_to(copy).as_posix()}"
        return load(found, features=features, shown=shown).raise_for_errors()


def _copy(top: Path, tree: str, copy: Path, before: str) -> None:
    """Write all files of a revision that packages can consist of, and no others.

    Links are written, too, because folders of dependencies can be links: those that lead to a place in the copy.
    """
    wanted: list[tuple[str, str, str]] = []
    for line in os.fsdecode(_git(top, before, "ls-tree", "-r", "-z", "--full-tree", tree)).split("\0")[:-1]:
        about, _, name = line.partition("\t")
        mode, kind, object = about.split()
        # The commits of submodules are in other repositories.
        if kind == "blob" and (mode == _LINK or name.endswith(_OF_PACKAGES)):
            wanted.append((mode, object, name))
    asked = "".join(f"{object}\n" for _, object, _ in wanted).encode()
    contents = _git(top, before, "cat-file", "--batch", input=asked)
    at = 0
    for mode, _, name in wanted:
        end = contents.index(b"\n", at) + 1
        size = int(contents[at:end].split()[-1])
        _write(copy, copy / name, contents[end : end + size], is_link=mode == _LINK)
        at = end + size + 1


def _write(copy: Path, target: Path, content: bytes, *, is_link: bool) -> None:
    leads_to = target.parent / os.fsdecode(content) if is_link else target
    if any(not path.resolve().is_relative_to(copy.resolve()) for path in (target, leads_to)):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_link:
        target.symlink_to(os.fsdecode(content))
    else:
        target.write_bytes(content)


def _git(folder: Path, before: str, *arguments: str, input: bytes = b"") -> bytes:
    command = ["git", "-C", str(folder), "--literal-pathspecs", *arguments]
    try:
        done = subprocess.run(command, input=input, capture_output=True, check=False)
    except FileNotFoundError:
        raise _not_found(before, "git is not installed") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise _not_found(before, said[-1].removeprefix("fatal: ") if said else "git has no such revision")
    return done.stdout


def _not_found(before: str, reason: str) -> WitkitError:
    help = "name a folder, a file, or a revision of git such as `HEAD~1` or `v1.0.0:wit`"
    return WitkitError(
        [error(NO_SUCH_REVISION, f"there is no file, folder or revision `{before}`: {reason}", help=help)]
    )
