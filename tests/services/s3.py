"""An S3 for the session, which the tests start. Any credentials are right, and the region is `us-east-1`."""

from __future__ import annotations

import urllib.request

import pytest

from tests.services.names import new_name
from tests.services.private.s3 import PrivateS3
from tests.services.standing import Standing, url_fixture

S3 = Standing("s3")

s3_url = url_fixture(S3, PrivateS3)


@pytest.fixture
def s3_bucket(s3_url: str) -> str:
    """The name of an empty bucket, which goes with the server."""
    return make_bucket(s3_url)


def make_bucket(url: str) -> str:
    """The name of an empty bucket on the server of `url`."""
    name = new_name()
    urllib.request.urlopen(urllib.request.Request(f"{url}/{name}", method="PUT"), timeout=10).close()
    return name
