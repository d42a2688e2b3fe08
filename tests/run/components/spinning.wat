;; Prints "spinning", then computes without end.
(module
  (import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
  (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
    (func $write (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "spinning\n")
  (func (export "wasi:cli/run@0.2.0#run") (result i32)
    (call $write (call $stdout) (i32.const 0) (i32.const 9) (i32.const 64))
    (loop $again (br $again))
    (i32.const 0))
)
