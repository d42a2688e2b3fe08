"""Diagnostics and the error that carries them, as a program handles them."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from witkit.backends.errors import WrongSetting
from witkit.text import Diagnostic, Severity, Source, WitkitError, error

SOURCE = Source("shop.wit", "package a:b;\ninterface i {}\n")


def test_an_error_says_every_diagnostic_with_its_place_and_its_way_out() -> None:
    found = WitkitError(
        [error("WIT0001", "one thing", SOURCE.span(13, 22), help="do this"), error("WIT0002", "another", file="x.toml")]
    )
    assert str(found) == "shop.wit:2:1: error[WIT0001]: one thing\nx.toml: error[WIT0002]: another"
    assert found.__notes__ == ["help: do this"]


def test_an_error_comes_out_of_another_process_as_it_went_in() -> None:
    sent = WitkitError([error("WIT0001", "one thing", SOURCE.span(13, 22), help="do this")])
    got = pickle.loads(pickle.dumps(sent))
    assert (type(got), str(got), got.__notes__) == (WitkitError, str(sent), ["help: do this"])
    [diagnostic] = got.diagnostics
    assert (diagnostic.code, diagnostic.primary.text) == ("WIT0001", "interface")


def test_so_does_an_error_that_says_more() -> None:
    got = pickle.loads(pickle.dumps(WrongSetting("too small", setting="size")))
    assert (type(got), got.setting, got.diagnostics[0].message) == (WrongSetting, "size", "too small")


def late(asked: list[str]) -> Diagnostic:
    """A diagnostic that notes in `asked` when its fields are made."""

    def fields(message: str) -> tuple[object, ...]:
        asked.append(message)
        return "WIT0001", Severity.WARNING, message, SOURCE.span(13, 22)

    return Diagnostic.later(SOURCE.span(13, 22), fields, "postgres://me:secret@db")


def test_a_diagnostic_makes_its_text_when_it_is_read_and_only_once() -> None:
    asked: list[str] = []
    found = late(asked)
    assert (found.where, asked) == ("shop.wit", [])
    assert (found.code, found.help, found.fix) == ("WIT0001", "", None)
    assert found.message.startswith("postgres://")
    assert "secret" not in found.message
    assert len(asked) == 1


def test_a_diagnostic_that_was_not_read_yet_is_like_any_other() -> None:
    now = Diagnostic("WIT0001", Severity.WARNING, "postgres://me:secret@db", SOURCE.span(13, 22))
    assert late([]) == now
    assert hash(late([])) == hash(now)
    assert repr(late([])) == repr(now)
    assert replace(late([]), rule="r") == replace(now, rule="r")
    assert pickle.loads(pickle.dumps(late([]))).message == now.message
    with pytest.raises(AttributeError, match="has no attribute 'massage'"):
        late([]).massage  # type: ignore[attr-defined]  # noqa: B018
