"""Object stores that cannot be opened, and secrets that no message has."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.backends.objects import places
from tests.backends.objects.opened import blobs
from tests.backends.objects.places import AZURE, S3, place
from tests.patience import LONG
from tests.services.private.azure import ACCOUNT
from tests.services.private.s3 import PrivateS3
from witkit.abi import Err
from witkit.backends.fronts.spiderlightning.blob import Containers
from witkit.backends.selector import Selector
from witkit.backends.settings import read
from witkit.backends.table import CAPABILITIES
from witkit.text import WitkitError

TIMEOUT = 0.7

ANSWERED = 30.0
"""The time limit if the server has to answer, as soon as it can."""


class StrictS3(PrivateS3):
    """It knows no access key, and refuses what is signed with another one."""

    def __init__(self) -> None:
        super().__init__()
        self.environment = {**self.environment, "INITIAL_NO_AUTH_ACTION_COUNT": "0"}


@pytest.fixture(scope="module")
def strict() -> Iterator[StrictS3]:
    with StrictS3() as server:
        yield server


def refused(name: str, settings: dict[str, Any], timeout: float = TIMEOUT) -> str:
    """What opening says, in time."""
    began = time.monotonic()
    with pytest.raises(WitkitError) as caught, blobs(name, {"timeout": timeout, **settings}):
        pass
    assert time.monotonic() - began < timeout + LONG
    (found,) = caught.value.diagnostics
    assert found.code == "WIT0802"
    return found.message


def test_wrong_credentials_are_refused_when_the_backend_is_opened(
    strict: StrictS3, azure_url: str, azure_container: str
) -> None:
    wrong = {"access-key": "AKIAWRONG", "secret-key": "planted/secret"}
    said = refused("s3", {**places.s3(strict.url, bucket="shop"), **wrong}, ANSWERED)
    assert "the server refuses the credentials" in said
    assert "planted" not in said
    said = refused("s3", {**places.s3(strict.url), **wrong}, ANSWERED)
    assert "the server refuses the credentials" in said
    key = "cGxhbnRlZCBzZWNyZXQ="
    for wrong_key in (key, "no base64"):
        there = places.azure(azure_url, container=azure_container)
        said = refused("azure", {**there, "key": wrong_key}, ANSWERED)
        assert "the server refuses the credentials" in said
        assert wrong_key not in said


def test_missing_credentials_are_reported_when_the_backend_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a last resort, the libraries ask the cloud that they may run in."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_ACCOUNT_KEY"):
        monkeypatch.delenv(name, raising=False)
    for variable in ("AWS_METADATA_ENDPOINT", "AZURE_MSI_ENDPOINT"):
        monkeypatch.setenv(variable, "http://127.0.0.1:1/token")
    assert "there are no credentials" in refused("s3", {"bucket": "shop", "endpoint": "http://127.0.0.1:1"})
    assert "there are no credentials" in refused("azure", {"account": "a", "container": "b"})


def test_a_key_file_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    wrong = tmp_path / "key.json"
    wrong.write_text("no key")
    for file in (wrong, tmp_path / "none.json"):
        assert "the credentials cannot be used" in refused("gcs", {"bucket": "shop", "key-file": str(file)})


def test_a_shared_access_signature_is_in_no_message(
    azure_url: str, azure_container: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = "sv=2021-08-06&ss=b&srt=sco&sp=rwdlac&se=2030-01-01T00:00:00Z&sig=cGxhbnRlZA%3D%3D"
    settings = {"endpoint": azure_url, "account": ACCOUNT, "container": azure_container, "sas-token": token}
    assert "cGxhbnRlZA" not in refused("azure", settings)
    backend = CAPABILITIES["blob-store"].backend("azure")
    opened: Any = backend.opened(read(backend.settings, settings))
    with pytest.raises(Err) as caught:
        Containers(Selector(opened)).Container.open("photos")
    assert "the server refuses the credentials" in caplog.text
    assert "cGxhbnRlZA" not in f"{caught.value} {caplog.text} {''.join(traceback.format_exception(caught.value))}"


def test_a_server_that_is_out_of_reach_is_reported_when_the_backend_is_opened() -> None:
    nowhere = "http://127.0.0.1:1"
    for name, settings in (
        ("s3", places.s3(nowhere, bucket="shop")),
        ("azure", places.azure(nowhere, container="shop")),
        ("gcs", places.gcs(nowhere, bucket="shop")),
        ("s3", places.s3(nowhere)),
    ):
        assert "the server cannot be reached" in refused(name, settings)
    said = refused("s3", places.s3("https://host.invalid", bucket="shop"))
    assert "the server cannot be reached: Error performing list request: " in said
    assert "retries" not in said


@pytest.mark.parametrize("service", [S3, AZURE])
def test_a_bucket_that_does_not_exist_is_reported_when_the_backend_is_opened(
    service: str, request: pytest.FixtureRequest
) -> None:
    bucket = {"container" if service == "azure" else "bucket": "no-such-bucket"}
    assert "there is no bucket for the container" in refused(service, {**place(service, request), **bucket})
