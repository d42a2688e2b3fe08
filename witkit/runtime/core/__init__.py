"""Components on wasmtime's core module API: instances, handles and calls as the canonical ABI asks for them.

`Blueprint(Linked.of(content), modules)` is a component, `CoreInstance(blueprint, host)` an instance of it. Nothing of
wasmtime's own components is used.
"""
