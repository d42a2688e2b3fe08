"""Diagnostics and the error that carries them, as a program handles them."""

from __future__ import annotations

import pickle

from witkit.backends.errors import WrongSetting
from witkit.text import Source, WitkitError, error

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
