"""Settings that say where a server is: they are checked with all others, before anything is opened."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import pytest

from witkit.backends.objects.s3 import S3Settings
from witkit.backends.settings import TEXT, BackendSettings, miswritten, read, setting
from witkit.backends.table import CAPABILITIES
from witkit.text import WitkitError


def mistakes(capability: str, backend: str, **given: Any) -> list[str]:
    settings = CAPABILITIES[capability].backend(backend).settings
    named = {name.replace("_", "-"): value for name, value in given.items()}
    try:
        read(settings, named)
    except WitkitError as wrong:
        said = [each.message for each in wrong.diagnostics]
    else:
        said = []
    assert [each.message for each in miswritten(settings, named, {})] == [
        each for each in said if "is missing" not in each
    ]
    return said


WRONG = [
    ("key-value", "redis", {"url": "http://h"}, "`url` is not the URL of a Redis server"),
    ("configs", "redis", {"url": "redis://h/one"}, "`url` is not the URL of a Redis server"),
    ("locking", "redis", {"url": "redis://h:0"}, "`url` is not the URL of a Redis server"),
    ("messaging", "redis", {"url": "h"}, "`url` is not the URL of a Redis server"),
    ("key-value", "postgresql", {"url": "mysql://h"}, "`url` is not the URL of a PostgreSQL database"),
    ("locking", "postgresql", {"url": "postgres://h:port/d"}, "`url` is not the URL of a PostgreSQL database"),
    ("sql", "postgresql", {"url": "postgresql://h:0/d"}, "`url` is not the URL of a PostgreSQL database"),
    ("sql", "postgresql", {"url": "mariadb://h/d"}, "`url` must begin with `postgresql://`"),
    ("sql", "postgresql", {"url": "postgresql://{name}/d"}, "a guest's name can choose the database of `url` only"),
    ("sql", "mariadb", {"url": "mariadb://h/d?x=1"}, "`url` cannot have the option `x`"),
    ("messaging", "rabbitmq", {"url": "amqp://"}, "`url` is not the URL of a RabbitMQ server"),
    ("messaging", "rabbitmq", {"url": "amqp://bob@h/"}, "`url` is not the URL of a RabbitMQ server"),
    ("messaging", "rabbitmq", {"url": "amqp://h/a/b"}, "`url` is not the URL of a RabbitMQ server"),
    ("messaging", "rabbitmq", {"url": "amqp://h/?heartbeat=3"}, "`url` has an unknown option"),
    ("messaging", "mqtt", {"url": "mqtt://h:99999"}, "`url` is not the URL of a broker for MQTT"),
    ("messaging", "mqtt", {"url": "mqtt://h/topic"}, "`url` is not the URL of a broker for MQTT"),
    ("messaging", "mqtt", {"host": "mqtt://h"}, "`host` is not a host"),
    ("messaging", "mqtt", {"host": "h", "port": 65_536}, "`port` must be less than 65,536"),
    ("messaging", "kafka", {"url": "kafka://h:x"}, "`url` is not the URL of a Kafka cluster"),
    ("messaging", "kafka", {"url": "kafka://h:1,"}, "`url` is not the URL of a Kafka cluster"),
    ("messaging", "kafka", {"url": "kafka://h:1/topic"}, "`url` is not the URL of a Kafka cluster"),
    ("messaging", "kafka", {"mechanism": "MD5"}, "`mechanism` must be one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512"),
    ("messaging", "kafka", {"prefix": "a.b"}, "`prefix` must be at most 60 letters, digits and `-`"),
    ("messaging", "nats", {"stream": "a.b"}, "`stream` cannot be the name of a stream of NATS"),
    ("key-value", "s3", {"url": "gs://b"}, "`url` is not s3://BUCKET or s3://BUCKET/PREFIX"),
    ("blob-store", "gcs", {"url": "gs://"}, "`url` is not gs://BUCKET or gs://BUCKET/PREFIX"),
    ("blob-store", "s3", {"url": "s3://b/a//b"}, "the prefix in `url` has characters that keys cannot have"),
    ("blob-store", "s3", {"prefix": "a" * 501}, "`prefix` has more than 500 bytes"),
    ("blob-store", "gcs", {"endpoint": "h:1"}, "`endpoint` is not the URL of a server"),
    ("blob-store", "gcs", {"endpoint": "http://[::1"}, "`endpoint` is not the URL of a server"),
    ("blob-store", "s3", {"bucket": "a b"}, "`bucket` is not the name of a bucket or container"),
    ("blob-store", "gcs", {"url": "gs://a b/c"}, "`url` is not the name of a bucket or container"),
    ("blob-store", "azure", {"account": "a", "container": "a\nb"}, "`container` is not the name of a bucket or"),
    ("key-value", "s3", {"region": "a\nb"}, "`region` has characters that no header can have"),
    ("key-value", "s3", {"session-token": "é"}, "`session-token` has characters that no header can have"),
    ("key-value", "azure", {"account": "a\nb"}, "`account` has characters that no header can have"),
    ("blob-store", "gcs", {"token": "a\0b"}, "`token` has characters that no header can have"),
    ("key-value", "redis", {"prefix": "a\udc80"}, "`prefix` has bytes that are not UTF-8"),
    ("key-value", "s3", {"access-key": "a", "secret-key": "a\udc80"}, "`secret-key` has bytes that are not UTF-8"),
    ("http-client", "network", {"proxy": "é"}, "`proxy` is not the URL of a proxy"),
    ("http-client", "network", {"proxy": "socks5://h"}, "`proxy` is not the URL of a proxy"),
    ("http-client", "memory", {"base": "ftp://h"}, "`base` is wrong: the address cannot be used"),
    ("http-client", "memory", {"answers": {"GET /": 3}}, "the answer `GET /` is wrong: `body` must be a text, and"),
    ("configs", "nats", {"credentials": "me:word"}, "`credentials` is not the text of a file of credentials for NATS"),
    ("configs", "environment", {"prefix": "a b"}, "`prefix` must be the beginning of variable names"),
]


CREDENTIALS = {"account": "a", "key": "k", "sas-token": "s"}

TOGETHER: list[tuple[str, str, dict[str, Any], str]] = [
    ("key-value", "s3", {"access-key": "a"}, "`access-key` and `secret-key` belong together"),
    ("key-value", "azure", CREDENTIALS, "`key` and `sas-token` exclude each other"),
    ("blob-store", "gcs", {"key-file": "key.json", "token": "t"}, "`key-file` and `token` exclude each other"),
    ("blob-store", "s3", {"url": "s3://shop", "bucket": "shop"}, "`url` has the bucket and the prefix"),
    ("blob-store", "gcs", {"url": "gs://shop", "prefix": "a"}, "`url` has the bucket and the prefix"),
    ("blob-store", "azure", {"account": "a", "url": "az://x", "container": "x"}, "`url` has the bucket and the prefix"),
]
"""Values that are wrong together only."""


@pytest.mark.parametrize(("capability", "backend", "given", "said"), TOGETHER)
def test_what_cannot_be_used_together_is_reported_with_other_mistakes(
    capability: str, backend: str, given: dict[str, Any], said: str
) -> None:
    assert mistakes(capability, backend, **given, timeout=-1, foo="1") == [
        "`timeout` must be a number of seconds, more than 0",
        "there is no setting `foo`",
        said,
    ]


def test_nothing_is_said_about_what_goes_with_a_value_that_is_not_known() -> None:
    settings, given = S3Settings, {"access-key": "a", "secret-key": "${env:NOT_THERE}"}
    with pytest.raises(WitkitError) as wrong:
        read(settings, given)
    assert [said.message for said in wrong.value.diagnostics] == [
        "`secret-key` needs the environment variable `NOT_THERE`, which is not set"
    ]
    assert miswritten(settings, {**given, "access-key": ""}, {}) == []


@dataclass(frozen=True, slots=True, repr=False)
class ComputingSettings(BackendSettings):
    url: str = setting(TEXT, "The server.")
    host: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "host", self.url.partition(":")[0])


def test_settings_may_compute_something_when_they_are_made() -> None:
    assert read(ComputingSettings, {"url": "here:80"}).host == "here"
    assert miswritten(ComputingSettings, {}, {}) == []
    with pytest.raises(WitkitError, match="the setting `url` is missing"):
        read(ComputingSettings, {})


@pytest.mark.parametrize(("capability", "backend", "given", "said"), WRONG)
def test_a_wrong_one_is_reported_together_with_other_mistakes(
    capability: str, backend: str, given: dict[str, Any], said: str
) -> None:
    first, second = mistakes(capability, backend, **given, foo="1")
    assert first.startswith(said)
    assert second == "there is no setting `foo`"


WITHOUT_LIBRARIES = """
import sys
from tests.backends.test_urls import WRONG, mistakes
for capability, backend, given, _ in WRONG:
    assert mistakes(capability, backend, **given)
libraries = {"redis", "psycopg", "pymysql", "pika", "paho", "confluent_kafka", "nats", "obstore", "httpcore2"}
sys.exit(", ".join(sorted(libraries & set(sys.modules))) or None)
"""


def test_no_client_library_is_needed_for_that() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_LIBRARIES], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "url",
    [
        "redis://",
        "redis:///2",
        "redis://:6380/2/",
        "redis://bob:p%23w@db.example:6379/0",
        "redis://:pw@[::1]:6379",
        "redis://h?db=3&client_name=shop&health_check_interval=30&socket_timeout=0.5&socket_keepalive=true",
        "rediss://h?ssl_cert_reqs=none&ssl_check_hostname=false&ssl_ca_certs=/ca.pem",
        "unix:///run/redis.sock?db=1",
        "unix://bob:pw@/run/redis.sock",
    ],
)
def test_urls_of_redis_may_have_what_works(url: str) -> None:
    assert mistakes("key-value", "redis", url=url) == []


@pytest.mark.parametrize(
    ("url", "said", "help"),
    [
        ("redis://h/0?max_connections=8", "`url` cannot have the option `max_connections`", "remove it: each call"),
        ("redis://h?retry_on_timeout=1", "`url` cannot have the option `retry_on_timeout`", "remove it: each command"),
        ("redis://h?decode_responses=1", "`url` cannot have the option `decode_responses`", "remove it: values are"),
        ("redis://h?ssl_cert_reqs=none", "`url` cannot have the option `ssl_cert_reqs`", "it is for rediss://"),
        ("redis://h?hunter2=1", "`url` has an unknown option", "options: db, username"),
        ("redis://h?db=one", "`url` has an option `db` that is wrong", "write a whole number"),
        ("redis://h?db=", "`url` has an option `db` that is wrong", "write a whole number"),
        ("redis://h?socket_timeout=0", "`url` has an option `socket_timeout` that is wrong", "write a number of sec"),
        ("redis://h?client_name=a%20b", "`url` has an option `client_name` that is wrong", "write a name without"),
        ("rediss://h?ssl_cert_reqs=no", "`url` has an option `ssl_cert_reqs` that is wrong", "write none, optional"),
        ("redis://h/hunter2", "`url` is not the URL of a Redis server", "redis://user:password@host"),
        ("redis://:p#hunter2@h", "`url` is not the URL of a Redis server", "redis://user:password@host"),
        ("redis://:hunter/2@h", "`url` is not the URL of a Redis server", "redis://user:password@host"),
        ("unix://run/redis.sock", "`url` is not the URL of a Redis server", "redis://user:password@host"),
        ("unix://", "`url` is not the URL of a Redis server", "redis://user:password@host"),
    ],
)
def test_urls_of_redis_have_nothing_without_an_effect(url: str, said: str, help: str) -> None:
    with pytest.raises(WitkitError) as wrong:
        read(CAPABILITIES["key-value"].backend("redis").settings, {"url": url})
    (found,) = wrong.value.diagnostics
    assert (found.message, found.help[: len(help)]) == (said, help)
    assert "hunter" not in f"{found.message} {found.help}"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://",
        "postgres:///shop",
        "postgresql://bob:p%40w@h:5432/shop?connect_timeout=3&sslmode=require",
        "postgresql://h1:5432,h2,[::1]:5433/shop?target_session_attrs=any",
        "postgresql://%2Fvar%2Frun%2Fpostgresql/shop",
        "postgresql://bob:p#w@h",
        "host=/var/run dbname=shop",
    ],
)
def test_urls_of_postgresql_are_those_of_libpq(url: str) -> None:
    pytest.importorskip("psycopg.conninfo").conninfo_to_dict(url)
    assert mistakes("key-value", "postgresql", url=url) == []


@pytest.mark.parametrize(("capability", "option"), [("sql", "sslmod=require"), ("locking", "sslmode")])
def test_options_that_libpq_does_not_know_are_reported_with_other_mistakes(capability: str, option: str) -> None:
    assert mistakes(capability, "postgresql", url=f"postgresql://h/d?{option}", timeout=-1) == [
        "`url` has an unknown option, or one without a value",
        f"`timeout` must be a number of seconds, {'more than' if capability == 'sql' else 'at least'} 0",
    ]


@pytest.mark.parametrize("url", ["host=h hots=i", "postgresql://b:p@w@h/d", "postgresql://b:5/w@h/d", "h", ""])
def test_other_urls_of_postgresql_are_refused(url: str) -> None:
    assert mistakes("locking", "postgresql", url=url) == ["`url` is not the URL of a PostgreSQL database"]
