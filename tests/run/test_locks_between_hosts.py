"""Two hosts on one lock service: `examples/distributed-locking`, unchanged, with and without a server."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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


@dataclass(frozen=True)
class Hosts:
    """Hosts that share a configuration, each a process of its own."""

    folder: Path
    config: Path

    def started(self, function: str, *arguments: Any) -> subprocess.Popen[str]:
        """A host that calls a function of the guest."""
        command = [sys.executable, "-m", "witkit", "run", "--quiet", "--config", str(self.config), "--invoke", function]
        written = [str(APP), *map(json.dumps, arguments)]
        return subprocess.Popen(
            [*command, *written], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def call(self, function: str, *arguments: Any) -> Any:
        """What the function returns."""
        return result(self.started(function, *arguments))

    def end(self, ticket: Any) -> None:
        """End a deployment, which must go on."""
        assert self.call("end", ticket) is None


def result(host: subprocess.Popen[str]) -> Any:
    """What a host prints as JSON, if anything, or the error that its function returns."""
    printed, complaints = host.communicate(timeout=60)
    assert host.returncode in (0, 1), complaints
    return json.loads(complaints if host.returncode else printed or "null")


def check(hosts: Hosts) -> None:
    """The first host deploys, the second waits, and then has its turn."""
    first = hosts.call("begin", "shop", 600)
    waiting = hosts.started("begin", "shop", 600)
    other = hosts.call("begin", "mail", 600)
    assert waiting.poll() is None
    hosts.end(first)
    second = result(waiting)
    assert second != first
    assert hosts.call("end", first) == "over"
    for ticket in (second, other):
        hosts.end(ticket)


@pytest.mark.etcd
def test_slights_own_configuration_shares_locks_of_etcd(etcd_url: str, tmp_path: Path) -> None:
    config = tmp_path / "slightfile.toml"
    config.write_text(SLIGHTFILE.format(server=etcd_url.removeprefix("http://")))
    check(Hosts(tmp_path, config))


def test_hosts_of_one_folder_share_locks_without_any_configuration(tmp_path: Path) -> None:
    config = tmp_path / "witkit.toml"
    config.write_text("")
    check(Hosts(tmp_path, config))
