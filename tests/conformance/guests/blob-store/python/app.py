"""Every function of `spiderlightning:blob-store`, and every error that a guest can cause."""

from __future__ import annotations

import wit_world
from transcript import Transcript
from wit_world.imports.blob_store import Container

NAMES = ["a/b", "../up", "with space", "日本"]
LARGE = 3 << 20


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript()
        with said.did("open", Container.open, name) as box:
            said.got("the name is the one that was opened", lambda: box.name() == name)
            said.got("the container knows its name", lambda: box.info().name == name)
            said.got("objects of a new container", box.list_objects)
            said.failed("read a missing object", box.read_object, "tea")
            said.failed("info of a missing object", box.object_info, "tea")
            said.did("delete a missing object", box.delete_object, "tea")
            written(said, box)
            read(said, box)
            replaced(said, box)
            large(said, box)
            removed(said, box)
        return said.lines


def store(box: Container, name: str, *parts: bytes) -> None:
    with box.write_object(name) as stream:
        for part in parts:
            stream.write(part)
        stream.close()


def whole(box: Container, name: str) -> bytes:
    with box.read_object(name) as stream:
        return b"".join(iter(lambda: stream.read(1 << 20), None))


def written(said: Transcript, box: Container) -> None:
    with said.did("begin to write", box.write_object, "tea") as stream:
        said.did("write", stream.write, b"green ")
        said.did("write more", stream.write, b"tea")
        said.got("it exists before it is closed", box.has_object, "tea")
        said.did("close", stream.close)
        said.failed("write after closing", stream.write, b"x")
    said.got("it exists after it is closed", box.has_object, "tea")
    info = box.object_info("tea")
    said.got("its container is this one", lambda: info.container == box.name())
    said.got("its name and size", lambda: (info.name, info.size))
    said.got("it is as old as the container", lambda: info.created_at >= box.info().created_at > 0)
    with box.write_object("dropped") as stream:
        stream.write(b"kept")
    said.got("a stream that is dropped stores the object", whole, box, "dropped")
    said.did("write nothing", store, box, "empty")
    said.got("read nothing", whole, box, "empty")
    for name in NAMES:
        said.did(f"write {name}", store, box, name, name.encode())
    said.got("every object has its content", lambda: all(whole(box, name) == name.encode() for name in NAMES))


def read(said: Transcript, box: Container) -> None:
    with said.did("begin to read", box.read_object, "tea") as stream:
        said.got("available", stream.available)
        said.got("read 3 bytes", stream.read, 3)
        said.got("read the next", stream.read, 3)
        said.got("available now", stream.available)
        said.got("read the rest", stream.read, 100)
        said.got("read at the end", stream.read, 1)
        said.got("available at the end", stream.available)


def replaced(said: Transcript, box: Container) -> None:
    with box.read_object("tea") as before:
        said.did("replace while it is read", store, box, "tea", b"black")
        said.got("what is read stays as it was", before.read, 100)
    said.got("read the new content", whole, box, "tea")


def large(said: Transcript, box: Container) -> None:
    block = bytes(range(256)) * 256
    said.did("write 3 MiB", store, box, "large", *[block] * (LARGE // len(block)))
    said.got("its size", lambda: box.object_info("large").size)
    said.got("its content is the same", lambda: whole(box, "large") == block * (LARGE // len(block)))


def removed(said: Transcript, box: Container) -> None:
    said.got("objects", lambda: sorted(box.list_objects()))
    said.did("delete", box.delete_object, "tea")
    said.failed("read what is deleted", box.read_object, "tea")
    said.did("delete several, one of them missing", box.delete_objects, ["large", "missing", "a/b"])
    said.got("objects that are left", lambda: sorted(box.list_objects()))
    with Container.open(f"{box.name()}-other") as other:
        said.got("objects of another container", other.list_objects)
        store(other, "tea", b"white")
        said.did("clear", box.clear)
        said.got("objects after that", box.list_objects)
        said.got("the other container is not cleared", whole, other, "tea")
        other.clear()
