"""Components on wasmtime's core module API: the canonical ABI's run time, without wasmtime's own components."""
