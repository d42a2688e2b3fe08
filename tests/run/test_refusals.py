"""`witkit run` with what cannot be run: one clear message for each cause, before anything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.run.conftest import Guest, Witkit
from witkit.backends.connect import Choice
from witkit.program.run import invoke, run
from witkit.program.settings import RunSettings
from witkit.runtime import Engine
from witkit.text import WitkitError


def copied(component: Path, folder: Path) -> str:
    """The component in the current folder, so that messages name no temporary one."""
    (folder / component.name).write_bytes(component.read_bytes())
    return component.name


def test_every_unmet_import_is_listed_before_anything_runs(
    witkit: Witkit, guest: Guest, tmp_path: Path, text_snapshot: SnapshotAssertion
) -> None:
    outcome = witkit("run", copied(guest("greedy"), tmp_path))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == text_snapshot
    assert not (tmp_path / ".witkit").exists()


def test_an_unmet_import_with_a_name_of_its_own_is_reported_with_its_interface(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.wasm"
    newer.write_bytes(guest("labelled").read_bytes().replace(b"keyvalue@0.5.1", b"keyvalue@0.6.0"))
    outcome = witkit("run", "--invoke", "has-book", newer)
    assert outcome.code == 1
    reported = "nothing provides the import `orders`, which is `spiderlightning:keyvalue/keyvalue@0.6.0`"
    assert reported in outcome.err


def test_a_library_is_answered_with_what_can_be_called(
    witkit: Witkit, guest: Guest, tmp_path: Path, text_snapshot: SnapshotAssertion
) -> None:
    outcome = witkit("run", copied(guest("library"), tmp_path))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == text_snapshot


def test_a_trap_is_reported_with_the_frames_of_the_guest(
    witkit: Witkit, guest: Guest, tmp_path: Path, text_snapshot: SnapshotAssertion
) -> None:
    outcome = witkit("run", copied(guest("trapping"), tmp_path))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == text_snapshot


def test_a_file_that_does_not_exist(witkit: Witkit) -> None:
    outcome = witkit("run", "none.wasm")
    assert outcome.code == 1
    assert "error[WIT0701]: the component `none.wasm` does not exist" in outcome.err


def test_a_folder(witkit: Witkit, tmp_path: Path) -> None:
    assert "error[WIT0701]" in witkit("run", tmp_path).err


def test_a_core_module(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", guest("counter").with_name("counter.core.wasm"))
    assert outcome.code == 1
    assert "error[WIT0702]" in outcome.err


def test_a_file_that_is_cut_off(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    content = guest("counter").read_bytes()
    for length in (0, 5, 8, 100, len(content) // 2, len(content) - 1):
        (tmp_path / "cut.wasm").write_bytes(content[:length])
        outcome = witkit("run", "cut.wasm")
        assert outcome.code == 1
        assert outcome.err.count("error[") == 1
        assert "defect" not in outcome.err


def test_an_unknown_backend(witkit: Witkit, guest: Guest, text_snapshot: SnapshotAssertion) -> None:
    outcome = witkit("run", "--key-value", "sqlit", guest("counter"))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == text_snapshot


def test_an_unknown_backend_is_reported_even_where_it_is_not_needed(witkit: Witkit, guest: Guest) -> None:
    assert witkit("run", "--key-value", "sqlit", guest("failing")).code == 2


def test_a_choice_without_effect_is_reported(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--key-value", "memory", guest("arguments"))
    assert outcome.code == 0
    assert outcome.err == "witkit: ignoring the choice for key-value: the component does not import key-value stores\n"


def test_a_path_for_memory(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--key-value", "memory", "--key-value-path", "x", guest("counter"))
    assert outcome.code == 2
    assert "error[WIT0910]: there is no setting `path`" in outcome.err


def test_a_place_that_cannot_be_used(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database\n" * 100)
    outcome = witkit("run", "--key-value-path", "text", guest("counter"))
    assert (outcome.code, outcome.out) == (1, "")
    assert "error[WIT0802]" in outcome.err
    assert "--> text" in outcome.err


def test_no_component_at_all_is_wrong_use(witkit: Witkit) -> None:
    outcome = witkit("run")
    assert outcome.code == 2
    assert "Missing argument 'COMPONENT'" in outcome.err


def test_an_unknown_option_before_the_component_is_wrong_use(witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--key-valeu", "memory", guest("counter"))
    assert outcome.code == 2
    assert "No such option '--key-valeu'" in outcome.err


class _NeverCompiles(Engine):
    """An engine that would take half a minute to compile, and is never asked to."""

    def compile(self, linked: Any, name: str, *, fuel: bool) -> Any:
        raise AssertionError("compiled")


@pytest.mark.parametrize(
    ("component", "choice", "reported"),
    [
        ("greedy", Choice(), "WIT0803"),
        ("labelled-newer", Choice(), "WIT0803"),
        ("counter", Choice("sqlit"), "WIT0910"),
        ("counter", Choice("memory", {"path": "x"}), "WIT0910"),
        ("counter", Choice("filesystem", {"path": "file"}), "WIT0802"),
        ("labelled", Choice("sqlite", {"path": "file"}), "WIT0802"),
    ],
)
@pytest.mark.parametrize("command", ["run", "invoke"])
def test_what_prevents_a_component_from_running_is_reported_before_it_is_compiled(
    component: str,
    choice: Choice,
    reported: str,
    command: str,
    guest: Guest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("no folder and no database\n" * 100)
    name, _, newer = component.partition("-")
    content = guest(name).read_bytes()
    file = tmp_path / "app.wasm"
    file.write_bytes(content.replace(b"keyvalue@0.5.1", b"keyvalue@0.6.0") if newer else content)
    settings = RunSettings({"key-value": choice}, engine=_NeverCompiles(cache=False))
    with pytest.raises(WitkitError) as caught:
        run(file, settings=settings) if command == "run" else invoke(file, "answer", settings=settings)
    # Most of them do not export what is called, which is reported, too.
    assert {d.code for d in caught.value.diagnostics} - {"WIT0805", "WIT0911"} == {reported}


@pytest.mark.parametrize("engine", [None, _NeverCompiles(cache=False)], ids=["compiled", "cold"])
def test_unmet_imports_and_unknown_backends_are_reported_at_once(engine: Engine | None, guest: Guest) -> None:
    choice = {"key-value": Choice("sqlit")}
    with pytest.raises(WitkitError) as caught:
        run(guest("greedy"), settings=RunSettings(choice, engine=engine))
    assert [d.code for d in caught.value.diagnostics] == ["WIT0803", "WIT0803", "WIT0910"]


def test_a_component_with_nothing_against_it_is_compiled_after_the_look(guest: Guest, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="compiled"):
        run(guest("failing"), settings=RunSettings(engine=_NeverCompiles(cache=False)))
