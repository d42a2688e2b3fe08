"""Time and numbers: requests that take too long, those that wait, and many at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from threading import Event

import pytest

from tests.program.http import guests
from tests.program.http.serving import served, serving
from witkit.program.pool import PoolSettings
from witkit.program.triggers.http.application import HttpApplication
from witkit.program.triggers.http.exchange import Endpoint, Request, Response
from witkit.program.triggers.http.settings import HttpSettings


def test_a_guest_that_takes_too_long_is_stopped_and_costs_one_request(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pool = PoolSettings("pooled", size=1)
    with served(guests.routed(), tmp_path, HttpSettings(timeout=4.0), pool) as site:
        answer = site.ask("GET", "/spin")
        assert (answer.status, answer.body) == (504, b"Gateway Timeout\n")
        assert site.ask("GET", "/hello").body == b"hello"  # by the only thread: the guest does not run any more


@pytest.mark.thorough
def test_other_requests_are_answered_while_a_guest_computes(tmp_path: Path) -> None:
    pool = PoolSettings("pooled", size=2)
    with served(guests.routed(), tmp_path, HttpSettings(timeout=10.0), pool) as site, ThreadPoolExecutor(1) as threads:
        assert [site.ask("GET", "/hello").status for _ in range(30)] == [200] * 30  # calls are known to be short
        spinning = threads.submit(site.ask, "GET", "/spin")
        assert [site.ask("GET", "/hello").status for _ in range(5)] == [200] * 5
        assert not spinning.done()
        assert spinning.result(60).status == 504


def test_requests_are_answered_at_once(tmp_path: Path) -> None:
    with served(guests.routed(), tmp_path, pool=PoolSettings(size=4)) as site, ThreadPoolExecutor(16) as threads:
        bodies = [bytes([number]) * 1000 for number in range(160)]
        answers = list(threads.map(lambda body: site.ask("POST", "/echo", body), bodies))
    assert [each.body for each in answers] == bodies


def test_traps_among_many_requests_cost_no_other_one(tmp_path: Path) -> None:
    pool = PoolSettings("pooled", size=4)
    paths = ["/trap", "/hello", "/fail", "/ask"] * 20
    with served(guests.routed(), tmp_path, pool=pool) as site, ThreadPoolExecutor(16) as threads:
        statuses = list(threads.map(lambda path: site.ask("GET", path).status, paths))
    assert statuses == [500, 200, 500, 200] * 20


class Held:
    """A front whose answers wait until `let` is set."""

    def __init__(self) -> None:
        self.begun: Queue[str] = Queue()
        self.let = Event()

    def find(self, method: str, path: str) -> Endpoint:
        return Endpoint("held", "", self._answer)

    def _answer(self, request: Request) -> Response:
        self.begun.put(request.path)
        assert self.let.wait(60)
        return Response(200)


def test_a_request_that_no_thread_is_free_for_is_refused_for_now() -> None:
    front, settings = Held(), HttpSettings(timeout=60.0)
    application = HttpApplication(front, settings, calls=1, wait=3.0)
    with serving(application, settings) as site, ThreadPoolExecutor(1) as threads:
        first = threads.submit(site.ask, "GET", "/first")
        assert front.begun.get(timeout=60) == "/first"
        answer = site.ask("GET", "/second")
        assert (answer.status, answer.header("retry-after")) == (503, ["1"])
        front.let.set()
        assert first.result(60).status == 200
        assert front.begun.empty()  # the second one has not begun, and never will
    application.close()


def test_a_call_that_nothing_can_interrupt_is_answered_in_time() -> None:
    front, settings = Held(), HttpSettings(timeout=0.3)
    application = HttpApplication(front, settings, calls=1, wait=60.0)
    with serving(application, settings) as site:
        assert site.ask("GET", "/").status == 504
        front.let.set()
    application.close()
