"""`witkit secret`: who can read the file, what is in it, and what is said about it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.full_disk import files_up_to
from witkit.backends.stored_secrets import SecretStore
from witkit.text import WitkitError

SECRET = "hunter2-of-this-test"
KEY = "a passphrase of the test"


def pipe(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, f"{SECRET}\n".encode())


def stored(folder: Path) -> Path:
    return folder / ".witkit" / "secrets.json"


@pytest.mark.usefixtures("typed")
def test_git_does_not_see_the_file(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    witkit("secret", "set", "db", cwd=tmp_path)
    assert stored(tmp_path).is_file()
    seen = ["git", "-C", str(tmp_path), "status", "--porcelain", "--untracked-files=all"]
    assert subprocess.run(seen, check=True, capture_output=True).stdout == b""


def test_a_full_disk_leaves_no_folder_that_git_would_see(tmp_path: Path) -> None:
    store = SecretStore(stored(tmp_path))
    with files_up_to(0), pytest.raises(WitkitError, match=r"WIT0908.*cannot be written: file too large"):
        store.set("db", SECRET)
    assert list(tmp_path.iterdir()) == []
    store.set("db", SECRET)
    assert (stored(tmp_path).parent / ".gitignore").read_text() == "*\n"


@pytest.mark.usefixtures("typed")
def test_a_list_of_what_git_ignores_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".witkit").mkdir()
    (tmp_path / ".witkit" / ".gitignore").write_text("*.db\n")
    witkit("secret", "set", "db", cwd=tmp_path)
    assert (tmp_path / ".witkit" / ".gitignore").read_text() == "*.db\n"
    pipe(monkeypatch, b"other\n")
    monkeypatch.setenv("WITKIT_SECRETS_FILE", str(tmp_path / "mine" / "secrets.json"))
    witkit("secret", "set", "db", cwd=tmp_path)
    assert [file.name for file in (tmp_path / "mine").iterdir()] == ["secrets.json"]


@pytest.mark.usefixtures("typed")
def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    done = witkit("secret", "set", "db", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "stored `db` in .witkit/secrets.json\n")
    assert stored(tmp_path).stat().st_mode & 0o777 == 0o600
    assert json.loads(stored(tmp_path).read_text()) == {"salt": None, "secrets": {"db": SECRET}}


@pytest.mark.usefixtures("typed")
def test_with_a_key_the_file_does_not_have_the_secret(tmp_path: Path) -> None:
    assert witkit("secret", "set", "db", cwd=tmp_path, WITKIT_SECRETS_KEY=KEY).returncode == 0
    assert SECRET not in stored(tmp_path).read_text()
    guest = (
        'import witkit.backends as b; print(b.open("configs", values={"a": "${secret:db}"}).Configs.open("").get("a"))'
    )
    done = subprocess.run(
        [sys.executable, "-c", guest], cwd=tmp_path, env={"WITKIT_SECRETS_KEY": KEY}, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == (f"b'{SECRET}'\n", "")


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"WITKIT_SECRETS_KEY": KEY}, {}, "it is encrypted"),
        ({"WITKIT_SECRETS_KEY": KEY}, {"WITKIT_SECRETS_KEY": "other"}, "were not encrypted with the key in"),
        ({}, {"WITKIT_SECRETS_KEY": KEY}, "it is not encrypted"),
    ],
)
def test_another_key_is_refused_and_the_file_stays(
    tmp_path: Path, before: dict[str, str], after: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert witkit("secret", "set", "db", cwd=tmp_path, **before).returncode == 0
    content = stored(tmp_path).read_bytes()
    pipe(monkeypatch, b"another\n")
    done = witkit("secret", "set", "db", cwd=tmp_path, **after)
    assert done.returncode == 2
    assert "error[WIT0913]: the file with secrets cannot be used: " in done.stderr
    assert said in done.stderr
    assert SECRET not in done.stderr
    assert stored(tmp_path).read_bytes() == content


@pytest.mark.usefixtures("typed")
def test_names_are_listed_without_values_and_can_be_removed(tmp_path: Path) -> None:
    witkit("secret", "set", "db", cwd=tmp_path)
    (tmp_path / "deep").mkdir()
    assert witkit("secret", "list", cwd=tmp_path / "deep").stdout == "db\n"
    assert witkit("secret", "remove", "db", cwd=tmp_path).returncode == 0
    assert witkit("secret", "remove", "db", cwd=tmp_path).returncode == 1
    assert witkit("secret", "list", cwd=tmp_path).stdout == ""


def test_a_byte_order_mark_is_not_part_of_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, f"\ufeff{SECRET}\r\n".encode())
    assert witkit("secret", "set", "db", cwd=tmp_path).returncode == 0
    assert SecretStore(stored(tmp_path)).get("db") == SECRET


@pytest.mark.usefixtures("typed")
def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    witkit("secret", "set", "db", cwd=tmp_path)
    stored(tmp_path).chmod(0o644)
    done = witkit("secret", "list", cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot be used: others can read it" in done.stderr
    assert "= help: make it private: chmod 600 .witkit/secrets.json" in done.stderr


@pytest.mark.parametrize(("given", "name"), [(b"", "db"), (b"\n", "db"), (b"x", ""), (b"x", "a}b"), (b"\xff", "db")])
def test_nothing_is_not_a_secret(given: bytes, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe(monkeypatch, given)
    done = witkit("secret", "set", name, cwd=tmp_path)
    assert done.returncode == 2
    assert not stored(tmp_path).exists()


@pytest.mark.parametrize("content", ["[]", "{", '{"salt": null, "secrets": {"db": 5}}', '{"salt": 5, "secrets": {}}'])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    stored(tmp_path).parent.mkdir()
    stored(tmp_path).touch(0o600)
    stored(tmp_path).write_text(content)
    done = witkit("secret", "list", cwd=tmp_path)
    assert (done.returncode, "it is not a file of `witkit secret`" in done.stderr) == (2, True)
