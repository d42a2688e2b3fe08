"""Secrets in every spot of the configuration and of the command line: nothing that witkit writes has one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.run.conftest import Guest
from tests.run.plugins import AT_IMPORT, IN_OPEN, LATER, NO_BACKEND, NOTHING_OPENED, install, installed

SECRET = "hunter2secret"
SOURCE = "it is from the distribution `shop-redis` 1.5, entry point"
URL = f"rediz://bob:{SECRET}@db.example:6379/0"

FILES = {
    "an unknown backend": f'[key-value]\nbackend = "{URL}"\n',
    "an unknown setting": f'[key-value]\nurl = "{URL}"\n',
    "an unknown secret": f'[key-value]\npassword = "{SECRET}"\n',
    "an unknown capability": f'[redis]\nurl = "{URL}"\n\n[key-value]\nbackend = "memory"\n',
    "the wrong type": f'[key-value]\ntimeout = "{URL}"\n',
    "a table for a value": f'[key-value.path]\nurl = "{URL}"\n',
    "in one line": f'key-value = {{ backend = "sqlit", url = "{URL}", api_key = "{SECRET}" }}\n',
    "no capability's table": f'key-value = "{URL}"\n',
    "a query": f'[key-value]\nurl = "https://db.example/?user=bob&password={SECRET}&x=1"\n',
    "a fragment": f'[key-value]\nurl = "https://db.example/#access_token={SECRET}"\n',
    "a token for a user": f'[key-value]\nurl = "https://{SECRET}@db.example/"\n',
    "a URL without a scheme": f'[key-value]\nurl = "bob:{SECRET}@db.example"\n',
    "a connection string": f'[key-value]\ndsn = "host=db user=bob password={SECRET}"\n',
    "a password with marks": f'[key-value]\nurl = "redis://bob:a/{SECRET}?#@db.example"\n',
    "a broken line": f'[key-value]\nurl = "{URL}\n',
    "a secret without quotes": f"[key-value]\npassword = {SECRET}\n",
    "a broken line after it": f'[key-value]\npassword = "{SECRET}" oops\n',
    "broken in the same line": f'[key-value]\nurl = "{URL}" token = "{SECRET}"\n',
    "a list": f'[key-value]\ntokens = ["{SECRET}", "x"]\n',
    "a broken list": f'[key-value]\ntokens = ["{SECRET}" "x"]\n',
    "several lines": f'[key-value]\nsecret = """\n{SECRET}\n"""\n',
    "several broken lines": f'[key-value]\nsecret = """\n{SECRET}\n\n[sql\n',
    "a table of secrets": f'[key-value.credentials]\nname = "{SECRET}"\n',
    "a broken table of secrets": f'[key-value.credentials]\nname = "{SECRET}" oops\n',
    "a number": "[key-value]\npassword = 4711471147114711\n",
    "a quoted key": f'[key-value]\n"api-key" = "{SECRET}"\n',
    "a comment": f"[key-value]\ntimeout = -1 # password={SECRET}\n",
    "values for a guest": f'[configs]\nvalues = ["{URL}"]\n\n[key-value]\nx = 1\n',
}

OPTIONS = {
    "an unknown setting": ["--set", f"key-value.password={SECRET}"],
    "an unknown setting with a URL": ["--set", f"key-value.url={URL}"],
    "in one word": [f"--set=key-value.password={SECRET}"],
    "the wrong type": ["--set", f"key-value.timeout={URL}"],
    "without =": ["--set", URL],
    "without a setting": ["--set", f"key-value={URL}"],
    "an unknown capability": ["--set", f"redis.password={SECRET}"],
    "an unknown capability's URL": ["--set", f"redis.url={URL}"],
    "a clash": ["--set", f"key-value.token.a={SECRET}", "--set", f"key-value.token={SECRET}"],
    "a backend of a capability": ["--key-value", URL],
    "a backend": ["--backend", f"key-value={URL}"],
    "a backend without =": ["--backend", URL],
    "a path": ["--key-value-path", f"/dev/null/{URL}"],
    "an unknown option": [f"--pasword={SECRET}"],
    "an option that is misspelt": [f"--key-valu={URL}"],
    "a configuration": ["--config", f"{URL}/witkit.toml"],
}


def ran(folder: Path, guest: Guest, *options: str, **environment: str) -> tuple[int, str]:
    """The exit code of `witkit run` with a program that needs key-value stores, and all that it wrote."""
    with installed(folder):
        done = witkit("run", *options, guest("counter"), cwd=folder, **environment)
    return done.returncode, done.stdout + done.stderr


def is_clean(said: str) -> bool:
    return not any(secret in said for secret in (SECRET, SECRET[:8], "4711471147114711", "defect"))


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_nothing_shows_a_secret_of_the_file(text: str, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(text)
    for traceback in ("0", "1"):
        code, said = ran(tmp_path, guest, WITKIT_TRACEBACK=traceback)
        assert code == 2
        assert "error[WIT09" in said
        assert is_clean(said), said


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_nothing_shows_a_secret_of_the_command_line(options: list[str], guest: Guest, tmp_path: Path) -> None:
    for traceback in ("0", "1"):
        code, said = ran(tmp_path, guest, *options, WITKIT_TRACEBACK=traceback)
        assert code in (1, 2)
        assert said
        assert is_clean(said), said


def test_the_excerpt_is_covered_in_place(guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(f'[key-value]\ntimeout = "x{URL}" # no\n')
    said = ran(tmp_path, guest)[1]
    covered = f"2 | timeout = {'*' * len(f'.x{URL}.')} {'*' * len('# no')}\n"
    assert covered + "  | ^^^^^^^\n" in said


@pytest.mark.parametrize(
    ("code", "reported"),
    [
        (AT_IMPORT, "error[WIT0802]: the backend `remote` for key-value cannot be loaded: ValueError: no redis://***@"),
        (
            IN_OPEN,
            "error[WIT0802]: the backend `remote` for key-value cannot be opened: ConnectionError: cannot reach ***",
        ),
        (
            NO_BACKEND,
            "error[WIT0802]: the backend `remote` for key-value cannot be loaded: TypeError: it is object, not ",
        ),
        (
            NOTHING_OPENED,
            "error[WIT0802]: the backend `remote` for key-value cannot be opened: TypeError: its `open`",
        ),
        (LATER, "the backend `remote` for key-value cannot be closed: OSError: cannot leave ***"),
    ],
    ids=["at import", "in open", "no backend", "nothing opened", "later"],
)
def test_a_plug_in_that_fails_is_named_and_shows_no_secret(
    code: str, reported: str, guest: Guest, tmp_path: Path
) -> None:
    install(tmp_path, code)
    (tmp_path / "witkit.toml").write_text(f'[key-value]\nbackend = "remote"\nurl = "{URL}"\npassword = "{SECRET}"\n')
    for traceback in ("0", "1"):
        exit_code, said = ran(tmp_path, guest, WITKIT_TRACEBACK=traceback)
        assert exit_code == 1
        assert reported in said
        assert (
            "it is from the distribution `shop-redis` 1.5, entry point `key-value.remote = shop_redis:backend`" in said
        )
        assert ("shop_redis.py" in said) >= (traceback == "1" and code in (AT_IMPORT, IN_OPEN))
        assert is_clean(said), said


def test_a_plug_in_that_fails_in_a_call_is_named(guest: Guest, tmp_path: Path) -> None:
    install(tmp_path, LATER.replace('raise OSError(f"cannot leave', 'OSError(f"cannot leave'))
    for traceback in ("0", "1"):
        exit_code, said = ran(
            tmp_path,
            guest,
            "--backend",
            "key-value=remote",
            "--set",
            f"key-value.url={URL}",
            WITKIT_TRACEBACK=traceback,
        )
        assert exit_code == 1
        assert "witkit: key-value stores are in Redis at rediz://***@db.example:6379/0\n" in said
        assert (
            "error[WIT0809]: the backend for key-value failed in `[static]keyvalue.open`: RuntimeError: lost , rediz://***@"
            in said
        )
        assert f"= help: {SOURCE}" in said
        assert is_clean(said), said


PROGRAM = """
import sys, traceback, witkit.backends
try:
    witkit.backends.open("key-value", sys.argv[1], url=sys.argv[2], password=sys.argv[3])
except Exception:
    traceback.print_exc()
"""


@pytest.mark.parametrize("backend", ["remote", "sqlite"])
def test_the_traceback_of_a_program_shows_no_secret(backend: str, tmp_path: Path) -> None:
    install(tmp_path, IN_OPEN)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, backend, URL, SECRET],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "WIT0802" in done.stderr or "WIT0910" in done.stderr
    assert is_clean(done.stderr), done.stderr
