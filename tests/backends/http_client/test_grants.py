"""What may be requested: by the text of an address, and by the IP address that it leads to."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import pytest

import witkit.backends
from witkit.backends.http_client.addresses import is_public
from witkit.backends.http_client.grants import RequestGrants, read_allow, read_private
from witkit.backends.http_client.urls import parse
from witkit.text import WitkitError


@pytest.mark.parametrize(
    ("grant", "covered", "others"),
    [
        ("https://api.example.com", ["https://api.example.com/x"], ["http://api.example.com/", "https://example.com/"]),
        ("https://api.example.com/", ["https://API.example.com/"], ["https://api.example.com:8443/"]),
        ("api.example.com", ["https://api.example.com/", "http://api.example.com/"], ["http://api.example.com:443/"]),
        (
            "*.example.com:8443",
            ["https://a.b.example.com:8443/"],
            ["https://example.com:8443/", "https://a.example.com/"],
        ),
        ("*.example.com", ["https://a.example.com/"], ["https://badexample.com/", "https://a.example.com.evil.net/"]),
        ("https://*", ["https://anything.example/"], ["http://anything.example/", "https://anything.example:1/"]),
        ("*://*:*", ["http://anything.example:1/", "https://[2001:db8::1]/"], []),
        (
            "http://10.0.0.0/8:*",
            ["http://10.1.2.3:99/"],
            ["http://11.0.0.1/", "https://10.1.2.3/", "http://a.example/"],
        ),
        ("http://127.0.0.1:9000", ["http://127.0.0.1:9000/", "http://[::ffff:7f00:1]:9000/"], ["http://127.0.0.1/"]),
        ("https://[2001:db8::1]", ["https://[2001:db8:0:0::1]/"], ["https://[2001:db8::2]/"]),
        ("[fd00::/8]:443", ["https://[fd00::1]/"], ["https://[fe80::1]/"]),
    ],
)
def test_a_grant_covers_what_it_says(grant: str, covered: list[str], others: list[str]) -> None:
    grants = RequestGrants(read_allow([grant]), [])
    assert [url for url in covered if not grants.covers(parse(url))] == []
    assert [url for url in others if grants.covers(parse(url))] == []


@pytest.mark.parametrize(
    "wrong", ["", "https://", "https://a.example/path", "ftp://a.example", "a b", "a.example:0", "a.example:65536"]
)
def test_a_grant_that_cannot_be_meant_is_refused(wrong: str) -> None:
    with pytest.raises(WitkitError) as refused:
        read_allow([wrong])
    (said,) = refused.value.diagnostics
    assert (said.code, said.message) == ("WIT0910", f"`allow` has `{wrong}`, which is not a host that can be requested")


@pytest.mark.parametrize("wrong", ["*.exa*mple.com", "a.*.example", "[a.example]", "a.example/8", "u@a.example"])
def test_a_grant_with_a_pattern_in_the_middle_is_refused(wrong: str) -> None:
    with pytest.raises(WitkitError):
        read_allow([wrong])


def test_all_mistakes_in_the_lists_are_reported() -> None:
    lists: Any = {"allow": ["a b", "https://a.example", "ftp://a"], "private": ["x", "10.0.0.0/8", "y"]}
    with pytest.raises(WitkitError) as refused:
        witkit.backends.open("http-client", "network", **lists, timout=3)
    said = [each.message for each in refused.value.diagnostics]
    assert [each.split(",")[0] for each in said] == [
        "`allow` has `a b`", "`allow` has `ftp://a`", "`private` has `x`", "`private` has `y`",
        "there is no setting `timout`",
    ]  # fmt: skip


def test_private_networks_are_addresses() -> None:
    with pytest.raises(WitkitError, match="`private` has `localhost`, which is not an address or a network"):
        witkit.backends.open("http-client", "network", private=["localhost"])


@pytest.mark.parametrize("public", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"])
def test_an_address_of_the_internet_is_public(public: str) -> None:
    assert is_public(ip_address(public))


@pytest.mark.parametrize(
    "private",
    [
        *(
            "127.0.0.1",
            "127.8.8.8",
            "0.0.0.0",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
        ),
        *("192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "fe80::1", "fec0::1", "fd00::1", "ff02::1"),
        *("64:ff9b::7f00:1", "64:ff9b:1::808:808", "2002:7f00:1::1", "2001:0:0:1::1", "2001:db8::1", "4000::1"),
    ],
)
def test_an_address_of_a_machine_or_a_network_around_it_is_not(private: str) -> None:
    assert not is_public(ip_address(private))


@pytest.mark.parametrize(
    ("allow", "private", "host", "address", "permitted"),
    [
        ("https://*", [], "a.example", "8.8.8.8", True),
        ("https://*", [], "a.example", "10.0.0.1", False),
        ("https://*", [], "10.0.0.1", "10.0.0.1", False),
        ("https://*", ["10.0.0.0/8"], "a.example", "10.0.0.1", True),
        ("https://*", ["10.0.0.0/8"], "a.example", "::ffff:10.0.0.1", True),
        ("https://10.0.0.1", [], "10.0.0.1", "10.0.0.1", True),
        ("https://10.0.0.1", [], "a.example", "10.0.0.1", False),
        ("localhost", [], "localhost", "127.0.0.1", True),
        ("localhost", [], "localhost", "::1", True),
        ("localhost", [], "localhost", "10.0.0.1", False),
        ("*", [], "localhost", "127.0.0.1", False),
        ("a.example", [], "a.example", "127.0.0.1", False),
    ],
)
def test_an_address_that_is_not_public_must_be_named_itself(
    allow: str, private: list[str], host: str, address: str, permitted: bool
) -> None:
    grants = RequestGrants(read_allow([allow]), read_private(private))
    assert grants.permits(host, ip_address(address)) is permitted
