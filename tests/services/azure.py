"""An Azure Blob Storage for the session, which the tests start, with the account `ACCOUNT` and its `KEY`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import urllib.request
from email.utils import formatdate
from urllib.parse import urlsplit

import pytest

from tests.services.names import new_name
from tests.services.private.azure import ACCOUNT, KEY, PrivateAzure
from tests.services.standing import Standing, url_fixture

AZURE = Standing("azure")

azure_url = url_fixture(AZURE, PrivateAzure)


@pytest.fixture
def azure_container(azure_url: str) -> str:
    """The name of an empty container, which goes with the server."""
    return make_container(azure_url)


def make_container(url: str) -> str:
    """The name of an empty container on the server of `url`, which ends with the account."""
    name = new_name()
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2021-12-02"}
    signed = "".join(f"{key}:{value}\n" for key, value in headers.items())
    path = urlsplit(url).path
    text = "PUT" + "\n" * 12 + signed + f"/{ACCOUNT}{path}/{name}\nrestype:container"
    digest = hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)
    headers["Authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(digest).decode()}"
    request = urllib.request.Request(f"{url}/{name}?restype=container", headers=headers, method="PUT")
    urllib.request.urlopen(request, timeout=10).close()
    return name
