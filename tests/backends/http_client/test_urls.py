"""Addresses: what is read, and what is refused because readers differ about it."""

from __future__ import annotations

import pytest

from witkit.backends.failure import Failure, Kind
from witkit.backends.http_client.urls import LONGEST, parse


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://api.example.com", "https://api.example.com/"),
        ("HTTPS://API.Example.COM:443/a?b=c#d", "https://api.example.com/a?b=c"),
        ("http://api.example.com:8080/%41?x", "http://api.example.com:8080/%41?x"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
        ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/"),
        ("https://example.com/café?ü=ß", "https://example.com/caf%C3%A9?%C3%BC=%C3%9F"),
        ("https://my_host.internal/", "https://my_host.internal/"),
    ],
)
def test_an_address_is_read(text: str, read: str) -> None:
    assert str(parse(text)) == read


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is relative, and no `base` is configured"),
        ("/orders", "it is relative, and no `base` is configured"),
        ("//example.com/", "it must begin with https:// or http://"),
        ("ftp://example.com/", "it must begin with https:// or http://"),
        ("file:///etc/passwd", "it must begin with https:// or http://"),
        ("https://", "it has no host"),
        ("https://user:word@example.com/", "user and password cannot be in it"),
        ("https://example.com@evil.example/", "user and password cannot be in it"),
        ("https://example.com\\@evil.example/", "user and password cannot be in it"),
        ("https://example.com\\.evil.example/", "its host is not a name or an address"),
        ("https://example.com:99999/", "Port out of range"),
        ("https://example.com:x/", "Port could not be cast"),
        (" https://example.com/", "it has a blank or a control character"),
        ("https://example.com/a b", "it has a blank or a control character"),
        ("https://example.com/\r\nx: y", "it has a blank or a control character"),
        ("https://exa\tmple.com/", "it has a blank or a control character"),
        ("https://bücher.example/", "its host has characters outside ASCII"),
        ("https://example.com./", "its host is not a name or an address"),
        ("https://-a.example/", "its host is not a name or an address"),
        ("http://2130706433/", "its host is not an IPv4 address"),
        ("http://0x7f000001/", "its host is not an IPv4 address"),
        ("http://0177.0.0.1/", "its host is not an IPv4 address"),
        ("http://127.1/", "its host is not an IPv4 address"),
        ("http://1.2.3.4.5/", "its host is not an IPv4 address"),
        ("http://[fe80::1%25eth0]/", "its host is not an IPv6 address"),
        ("http://[::1]a/", "its host is not an IPv6 address"),
        ("http://example.com[::1]/", "its host is not an IPv6 address"),
        ("http://[::1/", "Invalid IPv6 URL"),
        ("http://[v1.x]/", "its host is not an IPv6 address"),
        ("https://example.com/" + "a" * LONGEST, "it has more than 16,384 characters"),
    ],
)
def test_an_address_that_readers_may_understand_differently_is_refused(text: str, said: str) -> None:
    with pytest.raises(Failure, match="the address cannot be used: ") as refused:
        parse(text)
    assert refused.value.kind is Kind.INVALID_NAME
    assert said in refused.value.message


def test_a_relative_address_is_relative_to_the_base() -> None:
    base = parse("https://api.example.com/v1/")
    assert str(parse("orders?n=1", base)) == "https://api.example.com/v1/orders?n=1"
    assert str(parse("/orders", base)) == "https://api.example.com/orders"
    assert str(parse("//other.example/", base)) == "https://other.example/"
