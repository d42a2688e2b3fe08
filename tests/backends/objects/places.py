"""Object stores for tests: buckets of their own on servers that the tests start."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.private.azure import ACCOUNT, KEY

S3 = pytest.param("s3", marks=pytest.mark.s3)
AZURE = pytest.param("azure", marks=pytest.mark.azure)
GCS = pytest.param("gcs", marks=pytest.mark.s3)
"""moto answers the client of Google, too, whose protocol is nearly that of S3; it ignores its conditions."""

SERVICES = [S3, AZURE, GCS]


def place(service: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """The settings for an empty bucket of the test's own."""
    if service == "azure":
        container = request.getfixturevalue("azure_container")
        return azure(request.getfixturevalue("azure_url"), container=container)
    settings = s3 if service == "s3" else gcs
    return settings(request.getfixturevalue("s3_url"), bucket=request.getfixturevalue("s3_bucket"))


def s3(url: str, **settings: Any) -> dict[str, Any]:
    """Settings for the S3 at `url`."""
    credentials = {"access-key": "any", "secret-key": "any-secret"}
    return {"endpoint": url, "region": "us-east-1", **credentials, **settings}


def azure(url: str, **settings: Any) -> dict[str, Any]:
    """Settings for the Azure at `url`."""
    return {"endpoint": url, "account": ACCOUNT, "key": KEY, **settings}


def gcs(url: str, **settings: Any) -> dict[str, Any]:
    """Settings for the Google Cloud Storage at `url`."""
    return {"endpoint": url, "token": "any-token", **settings}
