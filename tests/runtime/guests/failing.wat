(module
  (import "wasi:cli/stderr@0.2.3" "get-stderr" (func $stderr (result i32)))
  (import "wasi:io/streams@0.2.3" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))
  (memory (export "memory") 2)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096))
  (func $say (param i32 i32) (call $write (call $stderr) (local.get 0) (local.get 1) (i32.const 64)))
  (func (export "say") (param i32 i32) (call $say (local.get 0) (local.get 1)))
  (func (export "fail") (param i32 i32) (call $say (local.get 0) (local.get 1)) unreachable))
