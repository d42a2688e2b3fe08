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
_UNKNOWN: Final = "git has no such revision"
_HELP: Final = "name a folder, a file, or a revision of git such as `HEAD~1` or `v1.0.0:wit`"
_SHALLOW: Final = (
    "this clone lacks the older history: run `git fetch --unshallow --tags`, or let the checkout in CI fetch all of "
    "it, as with `fetch-depth: 0` of `actions/checkout`"
)
_QUIET: Final = ("rev-parse", "--verify", "--quiet", "--end-of-options")
_OF_HOOKS: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_PREFIX"})
_LINK: Final = "120000"
_OF_PACKAGES = (".wit", ".wasm", "deps.toml", "deps.lock", "wkg.toml", "wkg.lock")


def load_before(package: Path, before: str, features: Features) -> Loaded:
    """Load what `before` names: a path, `REVISION`, which is the package at a revision, or `REVISION:PATH`.

    `PATH` is relative to the top of the repository, or to the current folder if it begins with `./` or `../`, as for
    git. `A...` and `A...B` are the merge base of both revisions, where B is HEAD by default. Raises WitkitError if
    there is no such revision or path (WIT0939), or if what is there has errors.
    """
    if not before:
        # A variable that is not set must not mean the current folder, which is always like itself.
        raise _not_found(before, "it is empty")
    if Path(before).exists():
        return load(Path(before), features=features).raise_for_errors()
    revision, _, path = before.partition(":")
    folder = package if package.is_dir() else package.parent
    inside = _inside(folder, package, path, before)
    tree = _line(_git(folder, before, *_QUIET, f"{_commit(folder, before, revision)}^{{tree}}"))
    with TemporaryDirectory() as copy:
        _copy(folder, tree, Path(copy), before, inside)
        found = package_of(Path(copy) / inside)
        if found is None or not found.exists():
            raise _not_found(before, f"there is no `{inside.as_posix()}` at `{revision}`")
        shown = f"{revision}:{found.relative_to(copy).as_posix()}"
        return load(found, features=features, shown=shown).raise_for_errors()


def _commit(folder: Path, before: str, revision: str) -> str:
    """The revision, or the merge base that it stands for."""
    one, dots, other = revision.partition("...")
    if not dots:
        return revision
    commits = [_line(_git(folder, before, *_QUIET, f"{each or 'HEAD'}^{{commit}}")) for each in (one, other)]
    found = _git(folder, before, "merge-base", *commits, otherwise="these revisions have no common ancestor")
    return _line(found)


def _inside(folder: Path, package: Path, path: str, before: str) -> Path:
    """The path in the repository that is meant, without `.` and `..`."""
    if path and path.split("/", 1)[0] not in (".", ".."):
        inside = Path(os.path.normpath(path))
    else:
        top = Path(_line(_git(folder, before, "rev-parse", "--show-toplevel"))).resolve()
        meant = Path(os.path.normpath(Path.cwd() / path)) if path else package.resolve()
        inside = meant.relative_to(top) if meant.is_relative_to(top) else meant
    if inside.is_absolute() or ".." in inside.parts:
        raise _not_found(before, f"`{path or package}` is outside the repository")
    return inside


def _copy(folder: Path, tree: str, copy: Path, before: str, inside: Path) -> None:
    """Write all files of a revision that packages can consist of, and no others.

    Links are written, too, because folders of dependencies can be links: those that lead to a place in the copy. Of
    submodules, those are written that the package at `inside` is in, or that are in its folder.
    """
    wanted: list[tuple[str, str, str]] = []
    submodules: dict[Path, str] = {}
    for line in os.fsdecode(_git(folder, before, "ls-tree", "-r", "-z", "--full-tree", tree)).split("\0")[:-1]:
        about, _, name = line.partition("\t")
        mode, kind, object = about.split()
        if kind == "commit" and _is_near(Path(name), inside):
            submodules[Path(name)] = object
        elif kind == "blob" and (mode == _LINK or name.endswith(_OF_PACKAGES)):
            wanted.append((mode, object, name))
    asked = "".join(f"{object}\n" for _, object, _ in wanted).encode()
    contents = _git(folder, before, "cat-file", "--batch", input=asked)
    at = 0
    for mode, _, name in wanted:
        end = contents.index(b"\n", at) + 1
        about_it = contents[at:end].split()
        if about_it[-1] == b"missing":
            raise _not_found(before, f"this clone lacks the content of `{name}`")
        size = int(about_it[-1])
        _write(copy, copy / name, contents[end : end + size], is_link=mode == _LINK)
        at = end + size + 1
    if submodules and _line(_git(folder, before, "rev-parse", "--is-bare-repository")) != "true":
        top = Path(_line(_git(folder, before, "rev-parse", "--show-toplevel")))
        for submodule, commit in submodules.items():
            _copy_submodule(top / submodule, commit, copy / submodule, before)


def _is_near(submodule: Path, inside: Path) -> bool:
    """Whether a package can consist of what is in a submodule, or depend on it."""
    folder = inside.parent if inside.suffix in (".wit", ".wasm") else inside
    return submodule.is_relative_to(folder) or folder.is_relative_to(submodule)


def _copy_submodule(folder: Path, commit: str, copy: Path, before: str) -> None:
    """Write what a commit of a submodule has, which is in a repository of its own, if that is checked out."""
    if (folder / ".git").exists():
        lacks = f"the submodule `{folder.name}` lacks its commit {commit[:10]}: run `git fetch` there"
        tree = _line(_git(folder, before, *_QUIET, f"{commit}^{{tree}}", otherwise=lacks))
        _copy(folder, tree, copy, before, Path())


def _write(copy: Path, target: Path, content: bytes, *, is_link: bool) -> None:
    leads_to = target.parent / os.fsdecode(content) if is_link else target
    if any(not path.resolve().is_relative_to(copy.resolve()) for path in (target, leads_to)):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_link:
        target.symlink_to(os.fsdecode(content))
    else:
        target.write_bytes(content)


def _git(folder: Path, before: str, *arguments: str, input: bytes = b"", otherwise: str = _UNKNOWN) -> bytes:
    """The output of git in a folder; `otherwise` is what is wrong if it fails and does not say why."""
    command = ["git", "-C", str(folder), "--literal-pathspecs", *arguments]
    # A hook of git has variables with paths that are relative to another folder: the folder decides.
    environment = {name: value for name, value in os.environ.items() if name not in _OF_HOOKS}
    try:
        done = subprocess.run(command, input=input, capture_output=True, check=False, env=environment)
    except FileNotFoundError:
        raise _not_found(before, "git is not installed") from None
    if done.returncode == 0:
        return done.stdout
    if said := done.stderr.decode(errors="replace").strip().splitlines():
        raise _not_found(before, said[-1].removeprefix("fatal: "))
    is_shallow = "--is-shallow-repository" not in arguments and (
        _line(_git(folder, before, "rev-parse", "--is-shallow-repository")) == "true"
    )
    raise _not_found(before, otherwise, _SHALLOW if is_shallow else _HELP)


def _line(output: bytes) -> str:
    """The only line of an output, which can be a path of any bytes."""
    return os.fsdecode(output).removesuffix("\n")


def _not_found(before: str, reason: str, help: str = _HELP) -> WitkitError:
    return WitkitError(
        [error(NO_SUCH_REVISION, f"there is no file, folder or revision `{before}`: {reason}", help=help)]
    )
