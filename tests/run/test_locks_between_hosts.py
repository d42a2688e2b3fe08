"""Two hosts on one lock service: `examples/distributed-locking`, unchanged, with and without a server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.run.conftest import Witkit

APP = Path(__file__).parents[2] / "examples" / "distributed-locking" / "app.py"

SLIGHTFILE = """
specversion = "0.2"

[[capability]]
resource = "distributed_locking.etcd"
name = "deployments"
    [capability.configs]
    ETCD_ENDPOINT = "{server}"
"""
"""As slight's own demonstration has it."""


OWN = {
    "redis": {"url": "redis_url", "prefix": "redis_prefix"},
    "etcd": {"url": "etcd_url", "prefix": "etcd_prefix"},
    "postgresql": {"url": "postgresql_database"},
}
"""The settings of each server, with the fixtures that make them the test's own."""


def check(witkit: Witkit, config: Path) -> None:
    """The host in this process deploys, one in another process waits, and then has its turn."""

    def call(function: str, *arguments: Any) -> Any:
        done = witkit(*command(config, function, *arguments))
        assert done.code in (0, 1), done.err
        return json.loads(done.err if done.code else done.out or "null")

    first = call("begin", "shop", 600)
    waiting = subprocess.Popen(
        [sys.executable, "-m", "witkit", *command(config, "begin", "shop", 600)],
        cwd=config.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    other = call("begin", "mail", 600)
    assert waiting.poll() is None
    assert call("end", first) is None
    second = json.loads(waiting.communicate(timeout=60)[0])
    assert second != first
    assert call("end", first) == "over"
    for ticket in (second, other):
        assert call("end", ticket) is None


def command(config: Path, function: str, *arguments: Any) -> list[str]:
    """The command line that calls a function of the guest."""
    # A busy machine may be slow to give back the lock that the other host waits for.
    options = ["--quiet", "--config", str(config), "--set", "locking.timeout=120", "--invoke", function]
    return ["run", *options, str(APP), *map(json.dumps, arguments)]


@pytest.mark.etcd
def test_slights_own_configuration_shares_locks_of_etcd(witkit: Witkit, etcd_url: str, tmp_path: Path) -> None:
    config = tmp_path / "slightfile.toml"
    config.write_text(SLIGHTFILE.format(server=etcd_url.removeprefix("http://")))
    check(witkit, config)


def test_hosts_of_one_folder_share_locks_without_any_configuration(witkit: Witkit, tmp_path: Path) -> None:
    config = tmp_path / "witkit.toml"
    config.write_text("")
    check(witkit, config)


@pytest.mark.parametrize("backend", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in OWN])
def test_hosts_share_locks_of_a_server_with_some_lines_of_configuration(
    backend: str, witkit: Witkit, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    settings = {name: request.getfixturevalue(fixture) for name, fixture in OWN[backend].items()}
    lines = [f'{name} = "{value}"' for name, value in {"backend": backend, **settings}.items()]
    config = tmp_path / "witkit.toml"
    config.write_text("\n".join(["[locking]", *lines]))
    check(witkit, config)
