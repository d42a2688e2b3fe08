"""Requests over a real server, answered by a component: methods, paths, statuses, ids, what clients see of errors."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from logging.handlers import QueueHandler
from pathlib import Path
from queue import Queue

import pytest

from tests.program.http import guests
from tests.program.http.serving import Site, served
from witkit.program.pool import PoolSettings
from witkit.program.settings import RunSettings
from witkit.program.triggers.http.settings import HttpSettings


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(guests.routed(), tmp_path_factory.mktemp("site")) as found:
        yield found


def test_headers_and_body_of_a_request_reach_the_guest_and_come_back(site: Site) -> None:
    answer = site.ask("POST", "/echo", bytes(range(256)), x_name="tea", content_type="application/octet-stream")
    assert (answer.status, answer.body) == (200, bytes(range(256)))
    assert (answer.header("x-name"), answer.header("content-type")) == (["tea"], ["application/octet-stream"])


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_body_may_come_in_chunks(site: Site, method: str) -> None:
    connection = site.connection()
    connection.request(method, "/echo", iter([b"one ", b"two"]), encode_chunked=True)
    assert connection.getresponse().read() == b"one two"
    connection.close()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/orders/7", b"7"),
        ("/orders/a%2Fb?c=d", b"a/b"),
        ("/files/a/b.txt", b"a/b.txt"),
        ("/ask?q=a%20b&q=c", b"/ask?q=a%20b&q=c"),
        ("/ask", b"/ask"),
    ],
)
def test_parts_of_paths_and_queries_reach_the_guest(site: Site, path: str, body: bytes) -> None:
    assert site.ask("GET", path).body == body


def test_head_is_answered_as_get_without_the_body(site: Site) -> None:
    answer = site.ask("HEAD", "/hello")
    assert (answer.status, answer.body, answer.header("content-length")) == (200, b"", ["5"])


def test_options_names_the_methods_of_a_path(site: Site) -> None:
    answer = site.ask("OPTIONS", "/echo")
    assert (answer.status, answer.header("allow")) == (204, ["DELETE, OPTIONS, POST, PUT"])


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("GET", "/nowhere", 404, b"Not Found\n"),
        ("GET", "/orders/%FF", 400, b"Bad Request\n"),
        ("POST", "/hello", 405, b"Method Not Allowed\n"),
        ("PATCH", "/echo", 405, b"Method Not Allowed\n"),
        ("PROPFIND", "/hello", 405, b"Method Not Allowed\n"),
    ],
)
def test_what_no_route_answers(site: Site, method: str, path: str, status: int, body: bytes) -> None:
    answer = site.ask(method, path)
    assert (answer.status, answer.body) == (status, body)
    assert bool(answer.header("allow")) is (status == 405)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/trap", "unreachable"),
        ("/fail", "unexpected-error: the password is 1234"),
        ("/split", "`x-split` has a control character"),
        ("/lie", "`content-length` is '7'"),
        ("/early", "the status 100"),
    ],
)
def test_a_failure_costs_one_request_and_tells_the_log_only(
    site: Site, path: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    connection = site.connection()
    connection.request("GET", path, headers={"x-request-id": "the-one"})
    response = connection.getresponse()
    assert (response.status, response.read()) == (500, b"Internal Server Error\n")
    assert response.getheader("x-request-id") == "the-one"
    assert {name.lower() for name, _ in response.getheaders()} == {
        "content-type", "content-length", "date", "x-request-id",
    }  # fmt: skip
    connection.request("GET", "/hello")  # on the same connection
    assert connection.getresponse().read() == b"hello"
    connection.close()
    [line] = [each.getMessage() for each in caplog.records if each.name == "witkit.http"]
    assert reason in line
    assert line.endswith("id=the-one")


@pytest.mark.parametrize("given", ["a b", "x" * 129, "a,b", "é"])
def test_an_id_that_is_not_safe_in_a_log_is_replaced(site: Site, given: str) -> None:
    [id] = site.ask("GET", "/hello", x_request_id=given).header("x-request-id")
    assert len(id) == 32


def test_a_fresh_instance_answers_each_request_and_pooled_ones_are_kept(site: Site, tmp_path: Path) -> None:
    assert [site.ask("GET", "/count").body for _ in range(3)] == [b"1", b"1", b"1"]
    with served(guests.routed(), tmp_path, pool=PoolSettings("pooled", size=1)) as pooled:
        assert [pooled.ask("GET", "/count").body for _ in range(3)] == [b"1", b"2", b"3"]
        pooled.ask("GET", "/trap")
        assert pooled.ask("GET", "/count").body == b"1"


def test_the_guests_base_is_before_all_routes(tmp_path: Path) -> None:
    with served(guests.routed(base="/shop"), tmp_path) as site:
        assert site.ask("GET", "/shop/orders/7").body == b"7"
        assert site.ask("GET", "/orders/7").status == 404


def test_one_handler_gets_all_seven_methods(tmp_path: Path) -> None:
    with served(guests.handler(), tmp_path) as site:
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            assert site.ask(method, "/any?x=1").body == b"/any?x=1"
        assert site.ask("HEAD", "/any").header("content-length") == ["4"]
        assert site.ask("TRACE", "/any").status == 405


@contextmanager
def logged(name: str) -> Iterator[Queue[logging.LogRecord]]:
    """The records of a logger. A line of the access log may come after the response."""
    found: Queue[logging.LogRecord] = Queue()
    logger, handler = logging.getLogger(name), QueueHandler(found)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield found
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def test_an_access_log_has_a_line_for_each_request_without_its_query(site: Site) -> None:
    with logged("witkit.http.access") as lines:
        site.ask("GET", "/ask?token=secret", x_request_id="seen")
        first = lines.get(timeout=60).getMessage()
        site.ask("GET", "/nowhere%0Ahere", x_request_id="unseen")
        second = lines.get(timeout=60).getMessage()
    assert re.fullmatch(r'127.0.0.1 "GET /ask HTTP/1.1" 200 17 [\d.]+ ms id=seen', first)
    assert re.fullmatch(r'127.0.0.1 "GET /nowhere%0Ahere HTTP/1.1" 404 10 [\d.]+ ms id=unseen', second)


def test_an_access_log_in_json_has_the_route(tmp_path: Path) -> None:
    settings = HttpSettings(access_log="json", request_ids="make")
    with served(guests.routed(), tmp_path, settings) as site, logged("witkit.http.access") as lines:
        [id] = site.ask("GET", "/orders/7?x=1", x_request_id="mine").header("x-request-id")
        line = json.loads(lines.get(timeout=60).getMessage())
    assert datetime.fromisoformat(line.pop("time")).tzinfo is not None
    assert line.pop("ms") > 0
    assert line == {
        "id": id, "client": "127.0.0.1", "method": "GET", "path": "/orders/7", "route": "/orders/:id",
        "status": 200, "bytes": 1,
    }  # fmt: skip
    assert id != "mine"


def test_the_trace_of_imports_has_the_id_of_the_request(tmp_path: Path) -> None:
    lines: list[str] = []
    with served(guests.routed(), tmp_path, run=RunSettings(trace=lines.append)):
        pass
    assert any("router.get" in line and line.endswith(")") for line in lines)
