"""A package as it was: in another folder, or at a revision of git."""

from __future__ import annotations

import subprocess
import tarfile
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from witkit.ir import Features, Loaded, load
from witkit.text import WitkitError, error

NO_SUCH_REVISION: Final = "WIT0939"
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
        if not (Path(copy) / inside).exists():
            raise _not_found(before, f"there is no `{inside.as_posix()}` at `{revision}`")
        shown = f"{revision}:{inside.as_posix()}"
        return load(Path(copy) / inside, features=features, shown=shown).raise_for_errors()


def _copy(top: Path, tree: str, copy: Path, before: str) -> None:
    """Write all files of a revision that packages can consist of, and no others."""
    names = _git(top, before, "ls-tree", "-r", "-z", "--name-only", "--full-tree", tree).decode().split("\0")
    wanted = [name for name in names if name.endswith(_OF_PACKAGES)]
    if wanted:
        archive = _git(top, before, "archive", "--format=tar", tree, "--", *wanted)
        with tarfile.open(fileobj=BytesIO(archive)) as opened:
            opened.extractall(copy, filter="data")


def _git(folder: Path, before: str, *arguments: str) -> bytes:
    command = ["git", "-C", str(folder), "--literal-pathspecs", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
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
