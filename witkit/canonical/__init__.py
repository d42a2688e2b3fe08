"""Floor 2: the canonical ABI. Types become layouts and generated code that lifts and lowers values; no wasmtime here.

`export_codec` and `import_codec` make whole functions; `witkit.canonical.contract` says what an engine binds them to.
"""
