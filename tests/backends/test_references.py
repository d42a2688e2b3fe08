"""References in settings: where their values come from, and what is said if there are none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from witkit.backends.references import looked_up, written
from witkit.backends.settings import SECONDS, SECRET, TABLE, TEXT, BackendSettings, miswritten, read, setting
from witkit.backends.stored_secrets import SecretStore
from witkit.backends.table import CAPABILITIES
from witkit.text import Source, Span, WitkitError
from witkit.text.secrets import masked


def place(folder: Path) -> Span:
    source = Source(str(folder / "witkit.toml"), "url = 1\n")
    return source.span(0, 3)


def test_a_variable_is_looked_up_in_the_middle_of_a_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "s3cr3t-of-the-test")
    assert looked_up({"url": "redis://:${env:DB_PASSWORD}@db/0"}, {}) == {"url": "redis://:s3cr3t-of-the-test@db/0"}
    assert masked("it was s3cr3t-of-the-test") == "it was ***"


def test_an_empty_variable_is_a_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTHING", "")
    assert looked_up({"url": "a${env:NOTHING}b"}, {}) == {"url": "ab"}


def test_a_file_is_relative_to_the_configuration_and_loses_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "password").write_bytes(b"top of the file\r\n")
    assert looked_up({"url": "${file:password}"}, {"url": place(tmp_path)}) == {"url": "top of the file"}


def test_a_secret_is_looked_up_in_the_store_of_the_project(tmp_path: Path) -> None:
    SecretStore(tmp_path / ".witkit" / "secrets.json").set("db", "stored-in-the-test")
    (tmp_path / "deep").mkdir()
    assert looked_up({"url": "${secret:db}"}, {"url": place(tmp_path / "deep")}) == {"url": "stored-in-the-test"}


def test_tables_and_lists_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "value-of-name")
    given: dict[str, Any] = {"values": {"a": ["${env:NAME}", 1, True]}, "count": 3}
    assert looked_up(given, {}) == {"values": {"a": ["value-of-name", 1, True]}, "count": 3}


def test_two_dollars_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looked_up({"a": "$${env:X} $x {y} $"}, {}) == {"a": "${env:X} $x {y} $"}


@pytest.mark.parametrize(
    ("text", "said", "help"),
    [
        (
            "${env:NOT_THERE}",
            "`url` needs the environment variable `NOT_THERE`, which is not set",
            "set it: export NOT_THERE=…",
        ),
        ("${file:none}", "`url` needs the file `none`, which cannot be read: No such file or directory", ""),
        ("${secret:none}", "`url` needs the secret `none`, which is not stored", "store it: witkit secret set none"),
        ("${secret:dbb}", "`url` needs the secret `dbb`, which is not stored", "did you mean `db`?"),
        ("${envv:A}", "`url` has a reference that witkit does not know", "did you mean `env`?"),
        ("${A}", "`url` has a reference that witkit does not know", "write ${env:NAME}, ${file:PATH} or"),
        ("${env:}", "`url` has a reference that witkit does not know", "did you mean `env`?"),
        ("${env:A", "`url` has a reference that witkit does not know", "write ${env:NAME}"),
    ],
)
def test_what_has_no_value_is_reported_at_the_setting(tmp_path: Path, text: str, said: str, help: str) -> None:
    SecretStore(tmp_path / ".witkit" / "secrets.json").set("db", "stored-in-the-test")
    with pytest.raises(WitkitError) as wrong:
        looked_up({"url": text}, {"url": place(tmp_path)})
    (found,) = wrong.value.diagnostics
    assert (found.code, found.message) == ("WIT0910", said)
    assert found.help.startswith(help)
    assert found.primary is not None
    assert found.primary.text == "url"


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(WitkitError, match="cannot be read: it is not a text in UTF-8"):
        looked_up({"url": "${file:bytes}"}, {"url": place(tmp_path)})


def test_all_that_is_missing_is_reported_at_once() -> None:
    with pytest.raises(WitkitError) as wrong:
        looked_up({"url": "${env:NOT_THERE}", "path": "${env:NOR_THIS}", "timeout": 1}, {})
    assert len(wrong.value.diagnostics) == 2


@dataclass(frozen=True, slots=True, repr=False)
class Wanted(BackendSettings):
    url: str = setting(TEXT, "The server.")
    timeout: float = setting(SECONDS, "How long to wait.", 5.0)
    passphrase: str = setting(SECRET, "What opens it.", "")
    table: Mapping[str, Any] = setting(TABLE, "Anything.", None)


def test_a_variable_in_a_setting_that_is_not_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_PART", "shown-of-the-test")
    assert read(Wanted, {"url": "${env:PUBLIC_PART}:x"}).url == "shown-of-the-test:x"
    assert masked("it was shown-of-the-test") == "it was shown-of-the-test"


@pytest.mark.parametrize(
    ("variable", "value", "setting"),
    [
        ("SHOP_PASSWORD", "hidden-by-variable", {"url": "${env:SHOP_PASSWORD}"}),
        ("SHOP_PART", "hidden-by-setting", {"passphrase": "${env:SHOP_PART}"}),
        ("SHOP_PART", "hidden-in-a-table", {"table": {"a": "${env:SHOP_PART}"}}),
        ("SHOP_PART", "hidden-by-a-url", {"url": "redis://bob:${env:SHOP_PART}@db/0"}),
        ("SHOP_PART", "redis://bob:hidden-by-form@db/0", {"url": "${env:SHOP_PART}"}),
        ("NOBODY", "", {"url": "${file:hidden}"}),
    ],
)
def test_what_may_be_a_secret_is_masked(
    variable: str, value: str, setting: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hidden").write_text("hidden-in-a-file")
    read(Wanted, {"url": "none", **setting})
    (secret,) = re.findall(r"hidden[\w-]+", value or "hidden-in-a-file")
    assert masked(f"it was {secret}") == "it was ***"


def test_what_is_missing_is_reported_together_with_other_mistakes() -> None:
    with pytest.raises(WitkitError) as wrong:
        read(Wanted, {"url": "${env:NOT_THERE}", "timeout": -1, "urll": "x"})
    assert [said.message for said in wrong.value.diagnostics] == [
        "`url` needs the environment variable `NOT_THERE`, which is not set",
        "`timeout` must be a number of seconds, at least 0",
        "there is no setting `urll`",
    ]


def test_a_setting_that_is_missing_is_reported_at_the_backend(tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match=r"witkit.toml:1:1: .*the setting `url` is missing"):
        read(Wanted, {}, {"backend": place(tmp_path)})


def test_what_is_beside_a_reference_without_a_value_is_checked() -> None:
    given = {"a": "${env:NOT_THERE}", "b": [1], "c": "${nev:HOME}", "d": "fine", "e": "${env:PATH}"}
    assert _read("configs", "memory", {"values": given}) == [
        "`values.a` needs the environment variable `NOT_THERE`, which is not set",
        "`values.c` has a reference that witkit does not know",
        "the setting `b` must be a string or a number",
    ]


def test_what_is_beside_a_reference_in_an_array_is_checked() -> None:
    given = ["${env:NOT_THERE}", "a b", "fine.example"]
    assert [said[:50] for said in _read("http-client", "network", {"allow": given})] == [
        "`allow.0` needs the environment variable `NOT_THER",
        "`allow` has `a b`, which is not a host that can be",
    ]


def test_what_is_beside_a_reference_is_checked_if_nothing_uses_it() -> None:
    settings = CAPABILITIES["http-client"].backend("network").settings
    found = miswritten(settings, {"allow": ["${env:NOT_THERE}", "a b", "${nev:A}"], "proxy": "${env:NOT_THERE}"}, {})
    assert [said.message[:40] for said in found] == [
        "`allow.2` has a reference that witkit do",
        "`allow` has `a b`, which is not a host t",
    ]
    assert written({"a": ["x", "${env:A}"], "b": "$${"}, "values", []) == ["values.a.1", "values.b"]


def _read(capability: str, backend: str, given: dict[str, Any]) -> list[str]:
    with pytest.raises(WitkitError) as wrong:
        read(CAPABILITIES[capability].backend(backend).settings, given)
    return [said.message for said in wrong.value.diagnostics]
