"""`[http]` in `witkit.toml`: what is read, and what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.program.project import read_configuration
from witkit.program.triggers.http.addresses import Address
from witkit.program.triggers.http.settings import KEYS, HttpSettings, Tls
from witkit.text import WitkitError

EVERYTHING = """
[http]
address = "[::1]:8080"
monitoring = "127.0.0.1:9464"
body = "2MiB"
headers = 4096
timeout = 2.5
concurrency = 3
connections = 4
keep-alive = 6
reuse-port = true
request-ids = "make"
access-log = "json"
events = "/events/%41"

[http.tls]
certificate = "server.pem"
key = "server.key"
"""


def settings(folder: Path, text: str) -> HttpSettings:
    file = folder / "witkit.toml"
    file.write_text(text)
    return read_configuration(file).http


def test_every_setting_is_read_and_files_are_relative_to_the_file(tmp_path: Path) -> None:
    assert settings(tmp_path, EVERYTHING) == HttpSettings(
        address=Address("::1", 8080),
        monitoring=Address("127.0.0.1", 9464),
        body=2 << 20,
        headers=4096,
        timeout=2.5,
        concurrency=3,
        connections=4,
        keep_alive=6.0,
        reuse_port=True,
        request_ids="make",
        access_log="json",
        events="/events/%41",
        tls=Tls(tmp_path / "server.pem", tmp_path / "server.key"),
    )
    assert all(f"{key} = " in EVERYTHING for key in KEYS if key != "tls")


def test_a_file_without_the_table_has_the_defaults(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == HttpSettings()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('adress = "127.0.0.1:1"', "`http` has no key `adress`"),
        ('address = "8080"', "`address` is wrong: an address has the form HOST:PORT"),
        ("body = 0", "`body` is wrong: it must be a size"),
        ('headers = "much"', "`headers` is wrong: it must be a size"),
        ("timeout = true", "`timeout` is wrong: it must be a number of seconds"),
        ("concurrency = 0", "`concurrency` is wrong: it must be a whole number, at least 1"),
        ('request-ids = "no"', "`request-ids` cannot be `no`"),
        ('access-log = "xml"', "`access-log` cannot be `xml`"),
        ('events = "events"', "`events` is wrong: it must be the path of a URL, such as `/events`"),
        ('events = "/a?b"', "`events` is wrong: it must be the path of a URL, such as `/events`"),
        ('tls = "yes"', "`tls` must be a table"),
        ('[http.tls]\nkey = "a"', "`http.tls` needs `certificate`"),
        ('[http.tls]\nkey = "a"\ncertificate = "b"\npassword = "c"', "`http.tls` has no key `password`"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(WitkitError) as refused:
        settings(tmp_path, f"[http]\n{line}\n")
    [said] = refused.value.diagnostics
    assert said.message.startswith(message)
    assert said.primary is not None
