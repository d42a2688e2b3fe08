// Every function of `wasi:keyvalue` 0.2.0-draft, and every error that a guest can cause.

import { increment } from "wasi:keyvalue/atomics@0.2.0-draft";
import { deleteMany, getMany, setMany } from "wasi:keyvalue/batch@0.2.0-draft";
import { open } from "wasi:keyvalue/store@0.2.0-draft";
import { Transcript, ascii, drop } from "./transcript.js";

const KEYS = ["order/1", "../up", "a b", "é", "日本"];
const utf8 = (text) => new TextEncoder().encode(text);

export function run(name) {
  const said = new Transcript();
  const bucket = said.did("open", () => open(name));
  oneByOne(said, bucket);
  counted(said, bucket);
  together(said, bucket);
  const same = open(name);
  said.got("keys from another handle", () => keys(same));
  const other = open(`${name}-other`);
  said.got("keys of another bucket", () => keys(other));
  deleteMany(bucket, keys(bucket));
  said.got("keys after all are deleted", () => keys(bucket));
  drop(bucket, same, other);
  return said.lines;
}

// All keys, in ascending order, however many pages they are.
function keys(bucket) {
  let page = bucket.listKeys(undefined);
  const found = [...page.keys];
  while (page.cursor !== undefined) {
    page = bucket.listKeys(page.cursor);
    found.push(...page.keys);
  }
  return found.sort();
}

function oneByOne(said, bucket) {
  said.got("keys of a new bucket", () => keys(bucket));
  said.got("get a missing key", () => bucket.get("tea"));
  said.got("a missing key exists", () => bucket.exists("tea"));
  said.did("set", () => bucket.set("tea", ascii("green")));
  said.got("get", () => bucket.get("tea"));
  said.got("it exists", () => bucket.exists("tea"));
  said.did("set again", () => bucket.set("tea", ascii("black")));
  said.got("get the new value", () => bucket.get("tea"));
  said.did("set an empty value", () => bucket.set("empty", ascii("")));
  said.got("get the empty value", () => bucket.get("empty"));
  said.got("the empty value exists", () => bucket.exists("empty"));
  for (const key of KEYS) said.did(`set ${key}`, () => bucket.set(key, utf8(key)));
  said.got("every key has its value", () => KEYS.every((key) => String(bucket.get(key)) === String(utf8(key))));
  said.did("delete", () => bucket.delete("tea"));
  said.got("get what is deleted", () => bucket.get("tea"));
  said.did("delete it again", () => bucket.delete("tea"));
}

function counted(said, bucket) {
  said.got("increment a missing key", () => increment(bucket, "visits", 5n));
  said.got("increment", () => increment(bucket, "visits", 37n));
  said.got("increment by nothing", () => increment(bucket, "visits", 0n));
  said.failed("increment what is not a number", () => increment(bucket, "order/1", 1n));
  said.got("it is as it was", () => bucket.get("order/1"));
}

function together(said, bucket) {
  said.did("set many", () => setMany(bucket, [["one", ascii("1")], ["two", ascii("2")], ["three", ascii("3")]]));
  said.got("get many, one of them missing", () => getMany(bucket, ["three", "missing", "one"]));
  said.did("delete many, one of them missing", () => deleteMany(bucket, ["one", "missing", "two"]));
  said.got("get many after that", () => getMany(bucket, ["one", "two", "three"]));
  said.did("set none", () => setMany(bucket, []));
  said.got("get none", () => getMany(bucket, []));
  said.did("delete none", () => deleteMany(bucket, []));
  said.got("keys", () => keys(bucket));
}
