// Both functions of `wasi:config`, in every version. The settings are in place before the guest starts.

import * as draft from "wasi:config/store@0.2.0-draft";
import * as dated from "wasi:config/store@0.2.0-draft-2024-09-27";
import * as rc1 from "wasi:config/store@0.2.0-rc.1";
import { Transcript } from "./transcript.js";

const VERSIONS = { draft, "draft-2024-09-27": dated, "rc.1": rc1 };

export function run(name) {
  const said = new Transcript();
  for (const [version, store] of Object.entries(VERSIONS)) walk(said, version, store);
  return said.lines;
}

function walk(said, version, store) {
  said.got(`${version}: get`, () => store.get("greeting"));
  said.got(`${version}: get an empty value`, () => store.get("nothing"));
  said.got(`${version}: get what is not set`, () => store.get("farewell"));
  said.got(`${version}: get all`, () => store.getAll().sort());
}
