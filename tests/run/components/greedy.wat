(module
  (import "example:weather/forecast@1.2.0" "tomorrow" (func $tomorrow (param i32)))
  (import "spiderlightning:keyvalue/keyvalue@0.4.0" "get" (func $get (param i32 i32 i32)))
  (import "spiderlightning:keyvalue/keyvalue@0.5.1" "[resource-drop]keyvalue" (func $drop (param i32)))
  (import "$root" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
  (func (export "wasi:cli/run@0.2.0#run") (result i32) (call $log (i32.const 0) (i32.const 0)) (i32.const 0))
)
