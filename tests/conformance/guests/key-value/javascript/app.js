// Every function of `spiderlightning:keyvalue`, and every error that a guest can cause.

import { Keyvalue } from "spiderlightning:keyvalue/keyvalue@0.5.1";
import { Transcript, ascii, drop } from "./transcript.js";

const KEYS = ["order/1", "../up", "a b", "A", "a", "é", "日本"];
const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const utf8 = (text) => new TextEncoder().encode(text);
const equal = (one, two) => one.length === two.length && one.every((byte, at) => byte === two[at]);

export function run(name) {
  const said = new Transcript("key-not-found");
  const store = said.did("open", () => Keyvalue.open(name));
  const other = Keyvalue.open(`${name}-other`);
  values(said, store);
  keys(said, store);
  const same = Keyvalue.open(name);
  said.got("get from another handle", () => same.get("tea"));
  others(said, store, other);
  removed(said, store);
  drop(store, other, same);
  return said.lines;
}

function values(said, store) {
  said.got("keys of a new store", () => store.keys());
  said.failed("get a missing key", () => store.get("tea"));
  said.did("set", () => store.set("tea", ascii("green")));
  said.got("get", () => store.get("tea"));
  said.did("set again", () => store.set("tea", ascii("black")));
  said.got("get the new value", () => store.get("tea"));
  said.did("set an empty value", () => store.set("empty", ascii("")));
  said.got("get the empty value", () => store.get("empty"));
  said.did("set every byte", () => store.set("bytes", EVERY_BYTE));
  said.got("every byte is kept", () => equal(store.get("bytes"), EVERY_BYTE));
}

function keys(said, store) {
  said.failed("set without a key", () => store.set("", ascii("x")));
  said.failed("get without a key", () => store.get(""));
  said.failed("delete without a key", () => store.delete(""));
  for (const key of KEYS) said.did(`set ${key}`, () => store.set(key, utf8(key)));
  said.got("every key has its value", () => KEYS.every((key) => equal(store.get(key), utf8(key))));
  said.got("keys", () => store.keys());
}

function others(said, store, other) {
  said.got("keys of another store", () => other.keys());
  said.did("set in another store", () => other.set("tea", ascii("white")));
  said.got("get here", () => store.get("tea"));
  said.did("delete", () => store.delete("tea"));
  said.got("get from the other store", () => other.get("tea"));
  other.delete("tea");
}

function removed(said, store) {
  said.failed("get what is deleted", () => store.get("tea"));
  said.did("delete it again", () => store.delete("tea"));
  for (const key of store.keys()) store.delete(key);
  said.got("keys after all are deleted", () => store.keys());
}
