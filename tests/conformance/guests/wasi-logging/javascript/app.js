// Every level of `wasi:logging`; the context is the name that the guest gets.

import { log } from "wasi:logging/logging@0.1.0-draft";
import { Transcript } from "./transcript.js";

export function run(name) {
  const said = new Transcript();
  for (const level of ["trace", "debug", "info", "warn", "error", "critical"]) {
    said.did(`log ${level}`, () => log(level, name, `a message\nof ${level}`));
  }
  said.did("log nothing", () => log("info", "", ""));
  return said.lines;
}
