// Passes every value on: from its exports to its imports in `passing`, and back as a result in `made`.

import * as given from "test:limits/given";
import * as handles from "test:limits/handles";

const same = (value) => value;

export const made = { u32s: same, s64s: same, options: same, records: same, numbers: same, pairs: same, u64s: same };

export const passing = {
  u32s: (value) => given.u32s(value),
  s64s: (value) => given.s64s(value),
  options: (value) => given.options(value),
  records: (value) => given.records(value),
  numbers: (value) => given.numbers(value),
  lists: (value) => given.lists(value),
  u64s: (value) => given.u64s(value),
  many: (value) => given.many(value, ...Array(16).fill(1)),
  empties: () => void handles.makeEmpty(),
  fulls: () => handles.makeFull().get(),
};
