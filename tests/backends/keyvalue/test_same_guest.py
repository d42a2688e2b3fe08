"""The same guest, unchanged, on every key-value backend: only the configuration differs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.backends.keyvalue.backends import Backend
from tests.cli.command_line import witkit
from tests.run.guests import assemble

APP = Path(__file__).resolve().parents[3] / "examples" / "orders" / "app.py"
ORDERS = """\
placed   #1  2 x tea  6.40
placed   #2  1 x teapot  24.00
stored   #1  2 x tea  6.40
stored   #2  1 x teapot  24.00
stock    tea: 38, teapot: 1
"""


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A component that counts its runs in the key-value store."""
    return assemble("counter", tmp_path_factory.mktemp("guests"))


def configured(table: str, backend: Backend) -> str:
    """The lines of `witkit.toml` for a backend."""
    settings = {"backend": backend.name, **backend.settings}
    lines = [
        f"{name} = {value if isinstance(value, int) else json.dumps(str(value))}" for name, value in settings.items()
    ]
    return "\n".join([f"[{table}]", *lines, ""])


def test_a_guest_in_python_runs_on_every_backend(backend: Backend, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(configured("key-value", backend))
    done = witkit("run", "--quiet", APP, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, ORDERS, "")


def test_a_component_finds_what_its_last_run_has_stored(kept: Backend, counter: Path, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(configured("key-value", kept))
    runs = [witkit("run", "--quiet", counter, cwd=tmp_path) for _ in range(2)]
    assert [(run.returncode, run.stdout, run.stderr) for run in runs] == [(0, "run 1\n", ""), (0, "run 2\n", "")]


def test_one_name_may_be_on_a_server_and_all_others_in_memory(server: Backend, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(
        configured("key-value", Backend("memory", {})) + configured("key-value.names.orders", server)
    )
    done = witkit("run", "--quiet", APP, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ORDERS)
    with server.opened() as stores:
        assert stores.Keyvalue.open("orders").keys() == ["order/000001", "order/000002", "stock/tea", "stock/teapot"]


def test_where_data_goes_is_printed_without_secrets(server: Backend, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(configured("key-value", server))
    done = witkit("run", APP, cwd=tmp_path)
    assert done.stderr.startswith("witkit: key-value stores are in ")
    assert str(server.settings["url"]) not in done.stderr
