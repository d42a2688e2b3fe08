"""Secrets for servers: nothing that witkit writes has one, when servers are away or refuse, at any level of logs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.cli.command_line import witkit, witkit_with_input
from tests.services.names import new_name
from tests.services.private.etcd import PrivateEtcd
from tests.services.private.nats import PrivateNats
from tests.services.private.ports import free_port
from tests.services.private.redis import PrivateRedis
from tests.services.proxy import proxy

EXAMPLES = Path(__file__).parents[2] / "examples"
GUESTS = {
    "key-value": "orders",
    "locking": "distributed-locking",
    "configs": "configs",
    "sql": "sql",
    "blob-store": "blob-store",
}
"""The example that uses a capability."""


@dataclass(frozen=True)
class Case:
    """A backend with a server, and its settings with a secret, for a server at a URL."""

    capability: str
    backend: str
    settings: Callable[[str, str], Mapping[str, Any]]
    server: str

    def __str__(self) -> str:
        return f"{self.capability}-{self.backend}"


def in_url(path: str = "") -> Callable[[str, str], Mapping[str, Any]]:
    """The secret is a password in the URL."""

    def settings(url: str, secret: str) -> Mapping[str, Any]:
        scheme, _, place = url.partition("://")
        host = place.partition("/")[0].rpartition("@")[2]
        return {"url": f"{scheme}://bob:{quote(secret, '')}@{host}{path}"}

    return settings


def s3(url: str, secret: str) -> Mapping[str, Any]:
    keys = {"access-key": "bob", "secret-key": secret, "session-token": f"{secret}-token"}
    return {"endpoint": url, "bucket": f"missing-{new_name()}", "region": "us-east-1", **keys}


def azure(url: str, secret: str) -> Mapping[str, Any]:
    # A key is in Base64.
    key = (secret.replace("!", "+") + "A" * 64)[:64]
    return {"endpoint": url, "account": "devstoreaccount1", "container": f"missing-{new_name()}", "key": key}


def gcs(url: str, secret: str) -> Mapping[str, Any]:
    return {"endpoint": url, "bucket": f"missing-{new_name()}", "token": secret}


CASES = [
    *(Case(each, "redis", in_url("/0"), "redis") for each in ("key-value", "locking", "configs")),
    *(Case(each, "nats", in_url(), "nats") for each in ("key-value", "configs")),
    *(Case(each, "postgresql", in_url("/postgres"), "postgresql") for each in ("key-value", "locking", "sql")),
    Case("sql", "mariadb", in_url("/test"), "mariadb"),
    Case("locking", "etcd", in_url(), "etcd"),
    *(Case(each, "s3", s3, "s3") for each in ("key-value", "blob-store")),
    *(Case(each, "azure", azure, "azure") for each in ("key-value", "blob-store")),
    Case("blob-store", "gcs", gcs, "s3"),
]
SCHEMES = {"redis": "redis", "nats": "nats", "postgresql": "postgresql", "mariadb": "mariadb"}


@pytest.fixture
def secret() -> str:
    """A secret that no other test has, so that nobody else has made it known. It is spelled otherwise in a URL."""
    return f"{new_name()}!{new_name()}"


def hidden(said: str, secret: str) -> bool:
    """Whether no part of the secret is in the text, however it is spelled."""
    return not any(part in said for part in secret.split("!"))


def away(case: Case) -> str:
    """The URL of a server that does not run."""
    return f"{SCHEMES.get(case.server, 'http')}://127.0.0.1:{free_port()}"


def configuration(case: Case, settings: Mapping[str, Any]) -> str:
    lines = [f"{name} = {json.dumps(value)}" for name, value in {"backend": case.backend, **settings}.items()]
    return "\n".join([f"[{case.capability}]", *lines, ""])


def run(case: Case, folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the example with everything that witkit can say about it."""
    guest = EXAMPLES / GUESTS[case.capability] / "app.py"
    chosen = {"WITKIT_TRACEBACK": "1", **environment}
    return witkit("run", "--trace", "--config", str(folder / "witkit.toml"), *options, guest, cwd=folder, **chosen)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_shows_a_secret_for_a_server_that_is_away(case: Case, secret: str, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(configuration(case, {**case.settings(away(case), secret), "timeout": 1}))
    done = run(case, tmp_path)
    assert (done.returncode, "error[WIT0802]" in done.stderr) == (1, True), done.stderr
    assert hidden(done.stdout + done.stderr, secret), done.stderr


@pytest.mark.parametrize(
    "case", [pytest.param(each, marks=getattr(pytest.mark, each.server), id=str(each)) for each in CASES]
)
def test_nothing_shows_a_secret_that_a_server_refuses(
    case: Case, secret: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(f"{case.server}_url")
    (tmp_path / "witkit.toml").write_text(configuration(case, case.settings(url, secret)))
    done = run(case, tmp_path)
    assert hidden(done.stdout + done.stderr, secret), done.stderr
    # Some servers let everybody in: their trace is looked at.
    assert "error[WIT0" in done.stderr or "trace: " in done.stderr


STORED = {
    "the environment": "${env:SHOP_URL}",
    "a file": "${file:shop-url}",
    "the store of secrets": "${secret:SHOP_URL}",
}


@pytest.mark.parametrize("text", STORED.values(), ids=STORED)
def test_nothing_shows_a_secret_from_elsewhere(text: str, secret: str, tmp_path: Path) -> None:
    case = CASES[0]
    url = str(case.settings(away(case), secret)["url"])
    (tmp_path / "shop-url").write_text(f"{url}\n")
    stored = witkit_with_input(url.encode(), "secret", "set", "SHOP_URL", cwd=tmp_path)
    assert stored.returncode == 0, stored.stderr
    (tmp_path / "witkit.toml").write_text(configuration(case, {"url": text}))
    done = run(case, tmp_path, SHOP_URL=url)
    assert "error[WIT0802]" in done.stderr
    assert hidden(stored.stdout + stored.stderr + done.stdout + done.stderr, secret), done.stderr


def test_nothing_shows_a_secret_of_an_option(secret: str, tmp_path: Path) -> None:
    case = CASES[0]
    (tmp_path / "witkit.toml").write_text(configuration(case, {}))
    done = run(case, tmp_path, "--set", f"key-value.url={case.settings(away(case), secret)['url']}")
    assert "error[WIT0802]" in done.stderr
    assert hidden(done.stdout + done.stderr, secret), done.stderr


PROGRAM = """
import json, logging, sys, traceback, warnings
logging.basicConfig(level=1)
warnings.simplefilter("always")
import witkit.backends
capability, backend, settings = json.loads(sys.argv[1])
try:
    with witkit.backends.open(capability, backend, **settings) as opened:
        print("open", flush=True)
        sys.stdin.readline()
        USE
except BaseException as failure:
    print(repr(failure), failure.__dict__, file=sys.stderr)
    traceback.print_exc()
"""
USES = {
    "key-value": "opened.Keyvalue.open('shop').set('a', b'b')",
    "locking": "opened.DistributedLocking.open('shop').try_lock(b'a')",
    "configs": "opened.Configs.open('shop').get('a')",
}
PRIVATE = {"redis": PrivateRedis, "nats": PrivateNats, "etcd": PrivateEtcd}
LOST = [case for case in CASES if case.server in PRIVATE]


@pytest.mark.parametrize(
    "case", [pytest.param(each, marks=getattr(pytest.mark, each.server), id=str(each)) for each in LOST]
)
def test_logs_at_every_level_show_no_secret_of_a_server_that_goes_away(case: Case, secret: str) -> None:
    with PRIVATE[case.server](password=secret) as server, proxy(server.url_as(server.user, secret)) as between:
        code = PROGRAM.replace("USE", USES[case.capability])
        given = json.dumps([case.capability, case.backend, {"url": between.url}])
        with subprocess.Popen(
            [sys.executable, "-c", code, given],
            env={**os.environ, "PYTHONASYNCIODEBUG": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as program:
            assert program.stdout
            assert program.stdout.readline() == "open\n"
            between.refuse()
            said = "".join(program.communicate("\n", timeout=60))
    assert "WARNING:witkit.backends:" in said
    assert "Traceback" in said
    assert hidden(said, secret), said
