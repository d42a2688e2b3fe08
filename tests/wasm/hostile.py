"""Binaries that nobody would make on purpose: small ones that expand to much, deep ones, and endless ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

COMPONENT = b"\0asm\x0d\0\1\0"
_TYPE, _CUSTOM, _CORE_MODULE, _COMPONENT, _IMPORT = 7, 0, 1, 4, 10
_U8, _LIST, _TUPLE, _ENUM, _BORROW, _FUNC = 0x7D, 0x70, 0x6F, 0x6D, 0x68, 0x40


def leb(value: int) -> bytes:
    out = b""
    while True:
        value, low = value >> 7, value & 0x7F
        out += bytes([low | (0x80 if value else 0)])
        if not value:
            return out


def index(value: int) -> bytes:
    """An index in the position of a type: a signed number."""
    out = b""
    while True:
        value, low = value >> 7, value & 0x7F
        if not value and not low & 0x40:
            return out + bytes([low])
        out += bytes([low | 0x80])


def section(id: int, content: bytes) -> bytes:
    return bytes([id]) + leb(len(content)) + content


def vector(items: Sequence[bytes]) -> bytes:
    return leb(len(items)) + b"".join(items)


def name(text: str) -> bytes:
    return b"\0" + leb(len(text)) + text.encode()


def types(*definitions: bytes) -> bytes:
    return section(_TYPE, vector(definitions))


def instance(*declarations: bytes) -> bytes:
    return b"\x42" + vector(declarations)


def exported_func(label: str, type_: int) -> bytes:
    return b"\x04" + name(label) + b"\1" + leb(type_)


def alias_type(label: str, type_: int) -> bytes:
    return b"\x04" + name(label) + b"\3\0" + leb(type_)


def imports(count: int, sort: bytes) -> bytes:
    return section(_IMPORT, vector([name(f"a:b/i{i}") + sort for i in range(count)]))


def doubling() -> bytes:
    """A type of 60 levels, each of which has the one before twice."""
    levels = [bytes([_LIST, _U8]), *(bytes([_TUPLE, 2]) + index(i) + index(i) for i in range(60))]
    func = bytes([_FUNC, 1, 1]) + b"x" + index(60) + b"\1\0"
    return COMPONENT + types(*levels, func) + section(_IMPORT, b"\1" + name("f") + b"\1" + leb(61))


def many_instances() -> bytes:
    """One large type of instances, imported many times."""
    funcs = [exported_func(f"f{i}", 0) for i in range(2000)]
    return COMPONENT + types(instance(b"\1" + bytes([_FUNC, 0, 1, 0]), *funcs)) + imports(20_000, b"\5\0")


def many_resources() -> bytes:
    """The same with a resource, so that each instance has types of its own."""
    head = [b"\x04" + name("r") + b"\3\1", b"\1" + bytes([_BORROW, 0]), b"\1" + bytes([_FUNC, 1, 1]) + b"x\1\1\0"]
    funcs = [exported_func(f"f{i}", 2) for i in range(2000)]
    return COMPONENT + types(instance(*head, *funcs)) + imports(20_000, b"\5\0")


def chain(levels: int) -> bytes:
    """Each type a list of the one before, without names."""
    return COMPONENT + types(bytes([_U8]), *(bytes([_LIST]) + index(i) for i in range(levels)))


def named_chain(levels: int) -> bytes:
    """Each type a list of the one before, all with names."""
    body = [b"\1" + bytes([_LIST, _U8]), alias_type("a0", 0)]
    for i in range(levels):
        body += [b"\1" + bytes([_LIST]) + index(2 * i + 1), alias_type(f"a{i + 1}", 2 * i + 2)]
    return COMPONENT + types(instance(*body)) + imports(1, b"\5\0")


def nested_components(levels: int) -> bytes:
    inner = COMPONENT
    for _ in range(levels):
        inner = COMPONENT + section(_COMPONENT, inner)
    return inner


def nested_types(levels: int) -> bytes:
    return COMPONENT + section(_TYPE, b"\1" + b"\x41\1\1" * levels + b"\x42\0")


REFUSED: dict[str, Callable[[], bytes]] = {
    "a-type-that-doubles": doubling,
    "many-large-instances": many_instances,
    "many-instances-with-resources": many_resources,
    "deep-types": lambda: chain(5000),
    "deep-components": lambda: nested_components(3000),
    "deep-component-types": lambda: nested_types(3000),
    "many-types": lambda: COMPONENT + types(*[bytes([_U8])] * 9_000_000),
    "many-sections": lambda: COMPONENT + bytes([_CORE_MODULE, 0]) * 3_000_000,
    "many-names": lambda: COMPONENT + types(bytes([_ENUM]) + vector([leb(7) + b"a%06d" % i for i in range(1_200_000)])),
    "deep-documentation": lambda: COMPONENT + section(_CUSTOM, b"\x0cpackage-docs\1" + b'{"docs":' * 200_000),
    "a-vector-that-is-longer-than-the-file": lambda: COMPONENT + section(_TYPE, leb(2**32 - 1)),
    "a-section-that-is-longer-than-the-file": lambda: COMPONENT + bytes([_TYPE]) + leb(2**32 - 1),
    "a-number-that-does-not-end": lambda: COMPONENT + bytes([_TYPE]) + b"\xff" * 1000,
    "names-that-differ-in-hyphens": lambda: COMPONENT + types(bytes([_ENUM]) + vector([b"\2k8", b"\3k-8"])),
    "a-later-version": lambda: b"\0asm\x0e\0\1\0",
    "only-the-magic-number": lambda: b"\0asm",
}
UNDERSTOOD: dict[str, Callable[[], bytes]] = {"long-chain-of-names": lambda: named_chain(3000)}
