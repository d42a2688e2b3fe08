// Every function of `spiderlightning:distributed-locking`, and every error that a guest can cause.
//
// No time is negative: componentize-js cannot pass a negative `s64`.

import { DistributedLocking } from "spiderlightning:distributed-locking/distributed-locking@0.5.1";
import { Transcript, ascii, drop } from "./transcript.js";

const DOOR = ascii("door");
const ANY_BYTES = Uint8Array.of(0x00, 0xff, 0x2f, 0x2e, 0x2e);

export function run(name) {
  const said = new Transcript();
  const locks = said.did("open", () => DistributedLocking.open(name));
  const same = DistributedLocking.open(name);
  const first = said.did("lock", () => locks.lock(DOOR));
  const second = said.did("lock another one", () => locks.lock(ANY_BYTES));
  said.got("their keys are the same", () => String(first) === String(second));
  said.failed("lock what is held", () => locks.lock(DOOR));
  said.failed("lock what is held for a time", () => locks.lockWithTimeToLive(DOOR, 60n));
  const other = DistributedLocking.open(`${name}-other`);
  const key = said.did("lock the name in another service", () => other.lock(DOOR));
  said.did("unlock it", () => other.unlock(key));
  unlocked(said, locks, first);
  said.did("unlock the other one from another handle", () => same.unlock(second));
  forATime(said, locks);
  drop(locks, same, other);
  return said.lines;
}

function unlocked(said, locks, key) {
  said.did("unlock", () => locks.unlock(key));
  said.failed("unlock again", () => locks.unlock(key));
  said.failed("unlock with a key that nobody got", () => locks.unlock(ascii("no such key")));
  said.failed("unlock with an empty key", () => locks.unlock(ascii("")));
  const again = said.did("lock it again", () => locks.lock(DOOR));
  said.failed("unlock it with the old key", () => locks.unlock(key));
  said.did("unlock it with the new key", () => locks.unlock(again));
}

function forATime(said, locks) {
  said.failed("lock for no time", () => locks.lockWithTimeToLive(DOOR, 0n));
  const timed = said.did("lock for a minute", () => locks.lockWithTimeToLive(DOOR, 60n));
  said.did("unlock before it is over", () => locks.unlock(timed));
  const short = said.did("lock for a second", () => locks.lockWithTimeToLive(DOOR, 1n));
  const after = said.did("lock when it is over", () => locks.lock(DOOR));
  said.failed("unlock with the key whose time is over", () => locks.unlock(short));
  said.did("unlock with the key that holds it", () => locks.unlock(after));
}
