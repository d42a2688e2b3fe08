# ruff: noqa: F811 - fixtures have the names of what is imported
"""Variables of OpenTelemetry turn spans on, and the last spans are sent before a program ends."""

from __future__ import annotations

import json
import socket
import sys
from typing import Any

import pytest

from tests.program.telemetry.collector import PARENT, TRACE, TRACEPARENT, collector
from tests.run.conftest import Guest, Witkit, assembled, guest, witkit  # noqa: F401 - fixtures
from witkit.program.telemetry.opened import exporters

RUN = ("run", "--key-value", "memory")
KEYVALUE = "spiderlightning:keyvalue/keyvalue@0.5.1#keyvalue"


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER", "OTEL_SERVICE_NAME", "TRACEPARENT"):
        monkeypatch.delenv(name, raising=False)


def test_a_collector_gets_the_spans_of_a_run(
    witkit: Witkit,
    guest: Guest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TRACEPARENT", TRACEPARENT)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20hidden")
    with collector() as here:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", here.url)
        answer = witkit(*RUN, "-q", guest("counter"))
    assert (answer.code, answer.out, answer.err) == (0, "run 1\n", "")
    [resource] = [each for request in here.requests for each in request.resource_spans]
    names = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert names["service.name"] == "counter"
    spans = [span for scope in resource.scope_spans for span in scope.spans]
    assert [each.name for each in spans] == [f"{KEYVALUE}.{name}" for name in ("open", "get", "set")] + ["run counter"]
    assert {each.trace_id.hex() for each in spans} == {TRACE}
    assert [each.parent_span_id.hex() for each in spans] == [spans[-1].span_id.hex()] * 3 + [PARENT]
    assert {headers["authorization"] for headers in here.headers} == {"Bearer hidden"}


def test_the_console_has_a_line_for_each_span(
    witkit: Witkit,
    guest: Guest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "mine")
    answer = witkit(*RUN, "-q", guest("trapping"))
    assert answer.code == 1
    last: dict[str, Any] = [json.loads(line) for line in answer.err.splitlines() if line.startswith("{")][-1]
    assert (last["name"], last["status"], last["attributes"]) == (
        "run trapping", {"status_code": "ERROR"}, {"error.type": "WIT0804"},
    )  # fmt: skip
    assert last["resource"]["attributes"]["service.name"] == "mine"
    assert last["events"] == []


def test_a_collector_that_does_not_answer_keeps_no_program(
    witkit: Witkit,
    guest: Guest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://user:hidden@127.0.0.1:{silent.getsockname()[1]}")
        answer = witkit(*RUN, guest("counter"))
    assert (answer.code, answer.out) == (0, "run 1\n")
    assert "hidden" not in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OTEL_TRACES_EXPORTER", "zipkin", "OTEL_TRACES_EXPORTER cannot be `zipkin`"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTEL_EXPORTER_OTLP_PROTOCOL cannot be `grpc`"),
    ],
)
def test_what_is_wrong_is_announced_and_the_program_runs(
    name: str,
    value: str,
    said: str,
    witkit: Witkit,
    guest: Guest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv(name, value)
    answer = witkit(*RUN, guest("counter"))
    assert (answer.code, answer.out) == (0, "run 1\n")
    assert f"witkit: no spans are sent: {said}" in answer.err


def test_a_package_that_is_missing_is_announced(
    witkit: Witkit,
    guest: Guest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OTEL_TRACES_EXPORTER", "console")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.resources", None)
    answer = witkit(*RUN, guest("counter"))
    assert (answer.code, answer.out) == (0, "run 1\n")
    assert "pip install 'witkit[telemetry]'" in answer.err


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({}, []),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://here"}, ["otlp"]),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://here"}, ["otlp"]),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://here", "OTEL_TRACES_EXPORTER": "none"}, []),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://here", "OTEL_SDK_DISABLED": "TRUE"}, []),
        ({"OTEL_TRACES_EXPORTER": "console, otlp"}, ["console", "otlp"]),
    ],
)
def test_the_variables_choose_the_exporters(environment: dict[str, str], found: list[str]) -> None:
    assert exporters(environment) == found
