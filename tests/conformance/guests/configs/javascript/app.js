// Every function of `spiderlightning:configs`. The setting `greeting` is `hello` before the guest starts.

import { Configs } from "spiderlightning:configs/configs@0.5.1";
import { Transcript, ascii, drop } from "./transcript.js";

export function run(name) {
  const said = new Transcript("not-found");
  const settings = said.did("open", () => Configs.open(name));
  said.got("get", () => settings.get("greeting"));
  said.failed("get what is not set", () => settings.get("farewell"));
  said.did("set", () => settings.set("farewell", ascii("bye")));
  said.got("get what was set", () => settings.get("farewell"));
  said.did("change", () => settings.set("greeting", ascii("good day")));
  said.got("get what was changed", () => settings.get("greeting"));
  said.did("set an empty value", () => settings.set("empty", ascii("")));
  said.got("get the empty value", () => settings.get("empty"));
  const same = Configs.open(name);
  said.got("get from another handle", () => same.get("farewell"));
  const other = Configs.open(`${name}-other`);
  said.failed("get from another set", () => other.get("farewell"));
  drop(settings, same, other);
  return said.lines;
}
