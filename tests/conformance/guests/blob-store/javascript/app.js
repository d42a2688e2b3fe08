// Every function of `spiderlightning:blob-store`, and every error that a guest can cause.

import { Container } from "spiderlightning:blob-store/blob-store@0.5.1";
import { Transcript, ascii, drop } from "./transcript.js";

const NAMES = ["a/b", "../up", "with space", "日本"];
const LARGE = 3 << 20;
const BLOCK = Uint8Array.from({ length: 65536 }, (_, at) => at % 256);
const utf8 = (text) => new TextEncoder().encode(text);
const same = (one, two) => one.length === two.length && one.every((byte, at) => byte === two[at]);

export function run(name) {
  const said = new Transcript();
  const box = said.did("open", () => Container.open(name));
  said.got("the name is the one that was opened", () => box.name() === name);
  said.got("the container knows its name", () => box.info().name === name);
  said.got("objects of a new container", () => box.listObjects());
  said.failed("read a missing object", () => box.readObject("tea"));
  said.failed("info of a missing object", () => box.objectInfo("tea"));
  said.did("delete a missing object", () => box.deleteObject("tea"));
  written(said, box);
  read(said, box);
  replaced(said, box);
  large(said, box);
  removed(said, box);
  drop(box);
  return said.lines;
}

function store(box, name, ...parts) {
  const stream = box.writeObject(name);
  for (const part of parts) stream.write(part);
  stream.close();
  drop(stream);
}

function whole(box, name) {
  const stream = box.readObject(name);
  const found = [];
  for (let part; (part = stream.read(1n << 20n)) !== undefined; ) found.push(part);
  drop(stream);
  const joined = new Uint8Array(found.reduce((size, part) => size + part.length, 0));
  found.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
  return joined;
}

function written(said, box) {
  const stream = said.did("begin to write", () => box.writeObject("tea"));
  said.did("write", () => stream.write(ascii("green ")));
  said.did("write more", () => stream.write(ascii("tea")));
  said.got("it exists before it is closed", () => box.hasObject("tea"));
  said.did("close", () => stream.close());
  said.failed("write after closing", () => stream.write(ascii("x")));
  drop(stream);
  said.got("it exists after it is closed", () => box.hasObject("tea"));
  const info = box.objectInfo("tea");
  said.got("its container is this one", () => info.container === box.name());
  said.got("its name and size", () => [info.name, info.size]);
  said.got("it is as old as the container", () => info.createdAt >= box.info().createdAt && info.createdAt > 0n);
  const dropped = box.writeObject("dropped");
  dropped.write(ascii("kept"));
  drop(dropped);
  said.got("a stream that is dropped stores the object", () => whole(box, "dropped"));
  said.did("write nothing", () => store(box, "empty"));
  said.got("read nothing", () => whole(box, "empty"));
  for (const name of NAMES) said.did(`write ${name}`, () => store(box, name, utf8(name)));
  said.got("every object has its content", () => NAMES.every((name) => same(whole(box, name), utf8(name))));
}

function read(said, box) {
  const stream = said.did("begin to read", () => box.readObject("tea"));
  said.got("available", () => stream.available());
  said.got("read 3 bytes", () => stream.read(3n));
  said.got("read the next", () => stream.read(3n));
  said.got("available now", () => stream.available());
  said.got("read the rest", () => stream.read(100n));
  said.got("read at the end", () => stream.read(1n));
  said.got("available at the end", () => stream.available());
  drop(stream);
}

function replaced(said, box) {
  const before = box.readObject("tea");
  said.did("replace while it is read", () => store(box, "tea", ascii("black")));
  said.got("what is read stays as it was", () => before.read(100n));
  drop(before);
  said.got("read the new content", () => whole(box, "tea"));
}

function large(said, box) {
  const parts = Array(LARGE / BLOCK.length).fill(BLOCK);
  said.did("write 3 MiB", () => store(box, "large", ...parts));
  said.got("its size", () => box.objectInfo("large").size);
  said.got("its content is the same", () => {
    const found = whole(box, "large");
    return found.length === LARGE && found.every((byte, at) => byte === at % 256);
  });
}

function removed(said, box) {
  said.got("objects", () => box.listObjects().sort());
  said.did("delete", () => box.deleteObject("tea"));
  said.failed("read what is deleted", () => box.readObject("tea"));
  said.did("delete several, one of them missing", () => box.deleteObjects(["large", "missing", "a/b"]));
  said.got("objects that are left", () => box.listObjects().sort());
  const other = Container.open(`${box.name()}-other`);
  said.got("objects of another container", () => other.listObjects());
  store(other, "tea", ascii("white"));
  said.did("clear", () => box.clear());
  said.got("objects after that", () => box.listObjects());
  said.got("the other container is not cleared", () => whole(other, "tea"));
  other.clear();
  drop(other);
}
