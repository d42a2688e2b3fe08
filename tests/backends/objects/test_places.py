"""Where objects are: buckets, prefixes, keys that other tools see, and settings that cannot be."""

from __future__ import annotations

from typing import Any

import obstore
import pytest
from obstore.store import AzureStore, ObjectStore, S3Store

from tests.backends.objects import places
from tests.backends.objects.opened import blobs, content, fails, put, stores
from tests.backends.objects.places import AZURE, S3, SERVICES, place
from tests.services.azure import make_container
from tests.services.private.azure import ACCOUNT, KEY
from tests.services.proxy import proxy
from tests.services.s3 import make_bucket
from witkit.backends.connect import Choice
from witkit.backends.failure import Kind
from witkit.backends.objects.gcs import GcsSettings
from witkit.backends.objects.gcs import service as gcs_service
from witkit.backends.objects.keyvalue import ObjectStores
from witkit.backends.settings import read
from witkit.backends.table import CAPABILITIES
from witkit.text import WitkitError


@pytest.fixture(params=[S3, AZURE])
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def settings(service: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    return place(service, request)


def bare(settings: dict[str, Any]) -> ObjectStore:
    """The bucket as any other program has it."""
    endpoint: str = settings["endpoint"]
    if "container" in settings:
        return AzureStore(
            settings["container"],
            account_name=ACCOUNT,
            account_key=KEY,
            endpoint=endpoint,
            client_options={"allow_http": True},
        )
    return S3Store(
        settings["bucket"],
        endpoint=endpoint,
        region="us-east-1",
        access_key_id="any",
        secret_access_key="any",
        client_options={"allow_http": True},
    )


def keys(settings: dict[str, Any]) -> list[str]:
    return sorted(each["path"] for page in obstore.list(bare(settings)) for each in page)


def test_other_programs_find_objects_under_their_names(service: str, settings: dict[str, Any]) -> None:
    with blobs(service, settings) as photos:
        put(photos, "2026/cat é.jpg", b"meow")
        photos.create("a/b")
    assert keys(settings) == ["a%2fb/%container", "photos/%container", "photos/2026/cat é.jpg"]
    assert bytes(obstore.get(bare(settings), "photos/2026/cat é.jpg").bytes()) == b"meow"


def test_what_other_programs_store_is_there(service: str, settings: dict[str, Any]) -> None:
    with blobs(service, settings) as photos:
        for key in ("photos/dog.jpg", "photos/%61", "photos/%long-0", "photos/%zz", "photosets/x", "other"):
            obstore.put(bare(settings), key, b"bark")
        assert photos.names("photos") == ["dog.jpg"]
        assert content(photos, "dog.jpg") == b"bark"


def test_a_prefix_keeps_users_of_one_bucket_apart(service: str, settings: dict[str, Any]) -> None:
    with (
        blobs(service, {**settings, "prefix": "one/of/them"}) as one,
        blobs(service, {**settings, "prefix": "/one/"}) as other,
    ):
        put(one, "cat", b"1")
        assert other.names("photos") == []
        one.clear("photos")
        put(other, "cat", b"2")
        assert one.names("photos") == []
    assert "one/photos/cat" in keys(settings)


def test_the_url_says_bucket_and_prefix(service: str, settings: dict[str, Any]) -> None:
    bucket = settings.pop("container" if service == "azure" else "bucket")
    scheme = "az" if service == "azure" else "s3"
    with blobs(service, {**settings, "url": f"{scheme}://{bucket}/one/of"}) as photos:
        put(photos, "cat", b"1")
    named = {**settings, "container" if service == "azure" else "bucket": bucket}
    assert "one/of/photos/cat" in keys(named)


def test_containers_are_buckets_if_no_bucket_is_given(service: str, request: pytest.FixtureRequest) -> None:
    url = request.getfixturevalue(f"{service}_url")
    made = make_container(url) if service == "azure" else make_bucket(url)
    settings = places.azure(url) if service == "azure" else places.s3(url)
    backend = CAPABILITIES["blob-store"].backend(service)
    opened: Any = backend.opened(read(backend.settings, settings))
    opened.check()
    opened.create(made)
    writer = opened.write(made, "a/cat")
    writer.write(b"meow")
    writer.commit()
    assert (opened.names(made), opened.created(made)) == (["a/cat"], 0)
    assert keys({**settings, "container" if service == "azure" else "bucket": made}) == ["a/cat"]
    with fails(Kind.OTHER) as failed:
        opened.create("no-such-bucket")
    assert failed[0].message == "there is no bucket for the container"
    for name in ("", "a", "Photos", "a/b", "../photos", "n" * 223, "a?b"):
        with fails(Kind.INVALID_NAME):
            opened.create(name)


def test_a_server_that_ignores_conditions_gets_no_swaps(s3_url: str, s3_bucket: str) -> None:
    """moto does not know the conditions of Google, and stores anyway."""
    opened = ObjectStores(gcs_service(read(GcsSettings, places.gcs(s3_url, bucket=s3_bucket))))
    opened.create("orders")
    opened.set("orders", "tea", b"1")
    with fails(Kind.UNSUPPORTED):
        opened.swap("orders", "tea", b"1", b"2")
    with fails(Kind.UNSUPPORTED):
        opened.increment("orders", "tea", 1)
    assert opened.get("orders", "tea") == b"1"
    assert opened.keys("orders") == ["tea"]


def test_asking_for_conditions_leaves_nothing_behind(service: str, settings: dict[str, Any]) -> None:
    with stores(service, settings) as orders:
        assert orders.increment("orders", "count", 3) == 3
    assert keys(settings) == ["orders/%container", "orders/count"]


def test_no_secret_is_in_what_describes_a_backend() -> None:
    given = {
        "s3": {**places.s3("http://host:1", bucket="b"), "session-token": "any-secret-token"},
        "azure": {**places.azure("http://host:1", container="b"), "key": "any-secret"},
        "gcs": {**places.gcs("http://host:1", bucket="b"), "token": "any-secret"},
    }
    for name, settings in given.items():
        backend = CAPABILITIES["blob-store"].backend(name)
        typed = read(backend.settings, settings)
        opened: Any = backend.opened(typed)
        assert "any-secret" not in f"{typed!r} {opened.location} {Choice(name, settings)!r}"
        assert "host:1" in opened.location


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("s3", {"bucket": "b", "url": "s3://b"}, "`url` has the bucket and the prefix"),
        ("s3", {"url": "az://b"}, "`url` is not s3://BUCKET or s3://BUCKET/PREFIX"),
        ("s3", {"url": "b/c"}, "`url` is not s3://BUCKET or s3://BUCKET/PREFIX"),
        ("s3", {"bucket": "b", "access-key": "a"}, "`access-key` and `secret-key` belong together"),
        ("s3", {"bucket": "b", "prefix": "a//b"}, "`prefix` has characters that keys cannot have"),
        ("s3", {"bucket": "b", "prefix": "../b"}, "`prefix` has characters that keys cannot have"),
        ("s3", {"bucket": "b", "prefix": "p" * 501}, "`prefix` has more than 500 bytes"),
        ("s3", {"bucket": "b", "endpoint": "host:9000"}, "`endpoint` is not the URL of a server"),
        ("s3", {"bucket": "b", "endpoint": "http://user:planted@host"}, "`endpoint` is not the URL of a server"),
        ("azure", {"account": "a", "key": "k", "sas-token": "s"}, "exclude each other"),
        ("azure", {"container": "c"}, "the setting `account` is missing"),
    ],
)
def test_settings_that_do_not_fit_are_refused(name: str, settings: dict[str, Any], said: str) -> None:
    backend = CAPABILITIES["blob-store"].backend(name)
    with pytest.raises(WitkitError) as caught:
        backend.opened(read(backend.settings, settings))
    (found,) = caught.value.diagnostics
    assert found.code == "WIT0910"
    assert said in found.message
    assert "planted" not in str(caught.value)


def test_nothing_is_sent_without_encryption_unless_the_endpoint_says_so() -> None:
    for name in ("s3", "azure", "gcs"):
        backend = CAPABILITIES["blob-store"].backend(name)
        required = {"account": "a"} if name == "azure" else {}
        for endpoint, plain in (("", False), ("https://host", False), ("http://host", True)):
            typed: Any = read(backend.settings, {**required, "endpoint": endpoint})
            assert typed.client()["allow_http"] is plain


def test_the_containers_of_a_bucket_share_connections(azure_url: str, azure_container: str) -> None:
    """With Azurite, because moto closes every connection."""
    with proxy(azure_url) as between, blobs("azure", places.azure(between.url, container=azure_container)) as opened:
        for name in "abcdefgh":
            opened.create(name)
            assert opened.names(name) == []
        # On a busy machine a pool opens a few more than it needs. One for each container would be eight.
        assert between.connections < 8


@pytest.mark.parametrize("service", SERVICES, indirect=True)
def test_many_names_come_in_pages(service: str, settings: dict[str, Any]) -> None:
    names = sorted(["%", "a/b", "\0", "é", *(f"n{number:02}" for number in range(20))])
    with blobs(service, settings) as photos:
        for name in names:
            put(photos, name, b"")
        found: list[str] = []
        while page := photos.names("photos", found[-1] if found else "", 7):
            assert len(page) <= 7
            found += page
        assert found == names
        photos.delete("photos", [*names, "none"])
        assert photos.names("photos") == []
