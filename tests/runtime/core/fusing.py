"""A guest whose exports get adapters (`fused`), for tests that call it with them and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.runtime.core.described import Described
from witkit.runtime.limits import Limits

PAGE = 65536
IN_REALLOC, IN_CALL, IN_POST = 1, 2, 3
ASKS, TRAPS, LOOPS = 0, 3, 6
NO_LIE = 0xFFFFFFFF

GUEST = """(component
  (import "ask" (func $ask (param "n" u32) (result u32)))
  (core func $ask' (canon lower (func $ask)))
  (core module $m
    (import "" "ask" (func $ask (param i32) (result i32)))
    (memory (export "memory") 2)
    (global $top (mut i32) (i32.const 1024))
    (global $does (mut i32) (i32.const 0)) (global $gives (mut i32) (i32.const -1))
    (global $called (mut i32) (i32.const 0))
    (func $count (param i32) (global.set $called (i32.add (global.get $called) (local.get 0))))
    (func $perhaps (param $where i32) (local $what i32)
      (local.set $what (i32.sub (global.get $does) (local.get $where)))
      (if (i32.eqz (local.get $what)) (then (drop (call $ask (local.get $where)))))
      (if (i32.eq (local.get $what) (i32.const 3)) (then unreachable))
      (if (i32.eq (local.get $what) (i32.const 6)) (then (loop $on (br $on)))))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (local $p i32)
      (call $count (i32.const 1)) (call $perhaps (i32.const 1))
      (if (i32.ne (global.get $gives) (i32.const -1)) (then (return (global.get $gives))))
      (local.set $p (i32.and (i32.add (global.get $top) (i32.sub (local.get 2) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get 2))))
      (global.set $top (i32.add (local.get $p) (local.get 3)))
      (loop $more (if (i32.gt_u (global.get $top) (i32.shl (memory.size) (i32.const 16)))
        (then (drop (memory.grow (i32.const 1))) (br $more))))
      (local.get $p))
    (func $give (param $p i32) (param $n i32) (result i32)
      (i32.store (i32.const 16) (local.get $p)) (i32.store (i32.const 20) (local.get $n)) (i32.const 16))
    (func (export "set") (param i32 i32) (global.set $does (local.get 0)) (global.set $gives (local.get 1)))
    (func (export "called") (result i32) (global.get $called))
    (func (export "post") (param i32) (call $count (i32.const 1000)) (call $perhaps (i32.const 3)))
    (func (export "done") (call $count (i32.const 1000)) (call $perhaps (i32.const 3)))
    (func (export "echo") (param i32 i32) (result i32)
      (call $perhaps (i32.const 2)) (call $give (local.get 0) (local.get 1)))
    (func (export "size") (param i32 i32) (result i32) (call $perhaps (i32.const 2)) (local.get 1))
    (func (export "nothing") (param i32 i32) (call $perhaps (i32.const 2)))
    (func (export "three") (param $a i32) (param $n i32) (param $x i64) (param i32) (param $m i32) (param i32)
      (param $o i32) (result i32)
      (call $give (local.get $a) (i32.add (i32.add (local.get $n) (local.get $m)) (i32.add (local.get $o)
        (i32.wrap_i64 (local.get $x))))))
    (func (export "twice") (param i32 i32) (result i32) (call $perhaps (i32.const 2))
      (i32.store (i32.const 24) (local.get 0)) (i32.store (i32.const 28) (local.get 1))
      (call $give (local.get 0) (local.get 1)))
    (func (export "all") (param $row i32) (param $rows i32) (param $number i32) (param $numbers i32)
      (param $has i32) (param $pair i32) (param $pairs i32) (param $more i32) (param i32 i32) (result i32)
      (call $perhaps (i32.const 2))
      (i32.store (i32.const 16) (local.get $row)) (i32.store (i32.const 20) (local.get $rows))
      (i32.store (i32.const 24) (local.get $number)) (i32.store (i32.const 28) (local.get $numbers))
      (i32.store8 (i32.const 32) (local.get $has))
      (i32.store (i32.const 36) (local.get $pair)) (i32.store (i32.const 40) (local.get $pairs))
      (i32.store8 (i32.const 44) (local.get $more))
      (i32.store (i32.const 48) (local.get 8)) (i32.store (i32.const 52) (local.get 9)) (i32.const 16))
    (func (export "lie") (param $p i32) (param i32) (result i32)
      (memory.copy (i32.const 16) (local.get $p) (i32.const 8))
      (i32.load offset=8 (local.get $p))))
  (core instance $i (instantiate $m (with "" (instance (export "ask" (func $ask'))))))
  (alias core export $i "memory" (core memory $memory))
  (alias core export $i "realloc" (core func $realloc))
  (func (export "set") (param "does" u32) (param "gives" u32) (canon lift (core func $i "set")))
  (func (export "called") (result u32) (canon lift (core func $i "called")))
  (func (export "echo") (param "x" string) (result string)
    (canon lift (core func $i "echo") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (func (export "bytes") (param "x" (list u8)) (result (list u8))
    (canon lift (core func $i "echo") (memory $memory) (realloc $realloc)))
  (func (export "size") (param "x" string) (result u32)
    (canon lift (core func $i "size") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (func (export "flag") (param "x" string) (result bool)
    (canon lift (core func $i "size") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (func (export "letter") (param "x" string) (result char)
    (canon lift (core func $i "size") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (func (export "nothing") (param "x" string)
    (canon lift (core func $i "nothing") (memory $memory) (realloc $realloc) (post-return (core func $i "done"))))
  (func (export "three") (param "a" string) (param "x" s64) (param "b" (tuple string (list u8))) (result (list u8))
    (canon lift (core func $i "three") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (func (export "twice") (param "x" string) (result (tuple string string))
    (canon lift (core func $i "twice") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (type $pairs (list (tuple string string)))
  (func (export "all") (param "rows" (list (tuple u16 string u64 string))) (param "numbers" (list u64))
    (param "pairs" (option $pairs)) (param "text" (option string))
    (result (tuple (list (tuple u16 string u64 string)) (list u64) (option $pairs) (option string)))
    (canon lift (core func $i "all") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (func (export "texts") (param "x" (list string)) (result u32)
    (canon lift (core func $i "size") (memory $memory) (realloc $realloc) (post-return (core func $i "post"))))
  (func (export "lie") (param "x" (list u8)) (result string)
    (canon lift (core func $i "lie") (memory $memory) (realloc $realloc) (post-return (core func $i "post")))))"""

Calls = Callable[[Described], Iterator[Any]]


def guest(limits: Limits | None = None, ask: Callable[[int], int] = lambda n: n) -> Described:
    return Described(GUEST, limits, ask=ask)


def has_adapters(made: Described) -> bool:
    return made.raw.staging is not None
