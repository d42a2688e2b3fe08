"""The examples on servers, which one line of their READMEs chooses: they print what they print without a server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.guest.building import built
from tests.services.private.etcd import PrivateEtcd
from tests.services.private.redis import PrivateRedis

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TOML = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def configuration(example: str) -> str:
    """The configuration in the example's README."""
    (found,) = TOML.findall((EXAMPLES / example / "README.md").read_text(encoding="utf-8"))
    return str(found)


def printed(example: str, folder: Path, *options: str, runs: int = 2, **environment: str) -> list[str]:
    """What each run of the example prints."""
    return [ran(EXAMPLES / example / "app.py", folder, *options, **environment) for _ in range(runs)]


def ran(guest: Path, folder: Path, *options: str, **environment: str) -> str:
    """What a guest prints with the configuration in a folder."""
    done = witkit("run", *options, guest, cwd=folder, **environment)
    assert done.returncode == 0, done.stderr
    for secret in environment.values():
        assert secret not in done.stderr
    return str(done.stdout)


def stage(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "witkit.toml").write_text(text)
    return folder


@pytest.mark.redis
@pytest.mark.xdist_group("component of the orders example")
def test_orders_are_kept_in_redis(tmp_path: Path) -> None:
    with PrivateRedis(password="hunter2secret") as server:
        url = server.url_as(None, "hunter2secret")
        here = stage(tmp_path / "here", "")
        there, elsewhere = (stage(tmp_path / name, configuration("orders")) for name in ("there", "elsewhere"))
        expected = printed("orders", here, runs=3)
        assert "stored   #4" in expected[-1]
        assert printed("orders", there, ORDERS_URL=url) == expected[:2]
        # Another folder, as on another machine, and the same guest as a component.
        component = built(EXAMPLES / "orders", "orders", tmp_path)
        assert ran(component, elsewhere, ORDERS_URL=url) == expected[2]


@pytest.mark.s3
def test_the_journal_is_kept_in_a_bucket(s3_url: str, s3_bucket: str, tmp_path: Path) -> None:
    given = {"AWS_ACCESS_KEY_ID": "any-access", "AWS_SECRET_ACCESS_KEY": "any-secret", "AWS_REGION": "us-east-1"}
    endpoint = ("--set", f"blob-store.endpoint={s3_url}")
    line = configuration("blob-store")
    assert "my-journal" in line
    there = stage(tmp_path / "there", line.replace("my-journal", s3_bucket))
    said = [
        [ran(EXAMPLES / "blob-store" / "app.py", there, *endpoint, **given) for _ in range(2)],
        printed("blob-store", stage(tmp_path / "here", "")),
    ]
    assert said[0] == said[1]
    assert "The peas are up!" in said[0][0]


@pytest.mark.redis
def test_a_tariff_in_redis_changes_without_a_build(tmp_path: Path) -> None:
    import redis

    with PrivateRedis() as server, redis.Redis.from_url(server.url) as client:
        (command,) = re.findall(r"^redis-cli (.*)", readme("configs"), re.MULTILINE)
        client.execute_command(*command.split())
        here = stage(tmp_path / "here", (EXAMPLES / "configs" / "witkit.toml").read_text())
        there = stage(tmp_path / "there", "")
        (there / "redis.toml").write_text(configuration("configs"))
        options = ("--config", str(there / "redis.toml"))
        (before,) = printed("configs", there, *options, runs=1, TARIFF_URL=server.url)
        client.hset("witkit-config:tariff", "base", "490")
        (after,) = printed("configs", there, *options, runs=1, TARIFF_URL=server.url)
        client.hset("witkit-config:tariff", "free-from", "10000")
        last = printed("configs", there, *options, runs=1, TARIFF_URL=server.url)
        assert printed("configs", here, "--set", "configs.values.base=490", runs=1) == last
    assert before == "0.4 kg: 5.10\n2.3 kg: 7.50\n2.3 kg: 7.50\n"
    assert after == "0.4 kg: 6.10\n2.3 kg: 8.50\n2.3 kg: 8.50\n"


def readme(example: str) -> str:
    return (EXAMPLES / example / "README.md").read_text(encoding="utf-8")


@pytest.mark.etcd
def test_locks_of_deployments_are_in_etcd(tmp_path: Path) -> None:
    expected = printed("distributed-locking", stage(tmp_path / "here", "locking = { timeout = 0.01 }\n"), runs=1)
    with PrivateEtcd() as server:
        there = stage(tmp_path / "there", configuration("distributed-locking"))
        options = ("--set", f"locking.url={server.url}")
        assert printed("distributed-locking", there, *options, runs=1) == expected
