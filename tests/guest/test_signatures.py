"""The bindings offer a guest exactly what componentize-py offers it at build time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from componentize_py import generate_bindings  # type: ignore[import-untyped]

from tests.conftest import CORPUS
from tests.generated import write
from tests.guest.signatures import read
from tests.ir.conftest import ACCEPTED
from tests.sampled import sampled
from witkit.bindgen import generate
from witkit.bindgen.guest.limits import check_guest
from witkit.ir import Features, load
from witkit.ir.model import World

CASES = json.loads((CORPUS / "cases.json").read_text()) if CORPUS.is_dir() else []
CHOSEN = sampled(case for case in CASES if case["group"] in ("codegen", "real") and case["expect"] == "accept")
PACKAGES = {case.path.name: case.path for case in ACCEPTED} | {case["id"]: CORPUS / case["path"] for case in CHOSEN}


@pytest.mark.parametrize("name", PACKAGES)
def test_names_and_signatures_are_those_of_componentize_py(name: str, tmp_path: Path) -> None:
    path = PACKAGES[name]
    loaded = load(path, features=Features(all=True))
    assert loaded.resolve is not None
    for package in loaded.resolve.main:
        for world in package.worlds.values():
            folder = tmp_path / world.name
            if _cannot_build(world) or not _reference(path, world, folder / "theirs"):
                continue
            write(generate(world, "guest"), folder)
            theirs, ours = read(folder / "theirs" / "wit_world"), read(folder / "wit_world")
            assert _comparable(theirs, ours) == ours


def _cannot_build(world: World) -> bool:
    return any(problem.is_error for problem in check_guest(world))


def _reference(wit: Path, world: World, to: Path) -> bool:
    """Whether componentize-py takes the package; it does not support WIT's newest syntax yet."""
    names: tuple[list[str], bool, str, str, list[str], list[str], bool] = (
        [],
        True,
        "wit_world",
        str(to),
        [],
        [],
        False,
    )
    try:
        generate_bindings([str(wit)], [world.qualified_name], *names)
    except AssertionError:
        return False
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        return False
    return True


def _comparable(theirs: dict[str, str], ours: dict[str, str]) -> dict[str, str]:
    """componentize-py's names without the things in which witkit's bindings are better.

    A type that it meets before it has written it is `Any` there. Types that hold a resource which is both
    imported and exported are written twice, but only the imported classes work at run time.
    """
    kept = {name: text for name, text in theirs.items() if name in ours or not _is_copy(name, theirs)}
    return {name: ours[name] if _is_less(text, ours.get(name, "")) else text for name, text in kept.items()}


def _is_less(theirs: str, ours: str) -> bool:
    """Whether a signature says less than ours: of an interface inside the world it has no functions."""
    return _is_vaguer(theirs, ours) or (theirs == "class(Protocol)" and ours.startswith(f"{theirs}\n"))


def _is_copy(name: str, names: dict[str, str]) -> bool:
    return name.startswith("exports/") and name.replace("exports/", "imports/", 1) in names


def _is_vaguer(theirs: str, ours: str) -> bool:
    if "Any" not in theirs:
        return False
    pattern = r"[\w.]+".join(re.escape(part) for part in re.split(r"\bAny\b", theirs))
    return re.fullmatch(pattern, ours) is not None
