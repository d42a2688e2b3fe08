"""Floor 3: components loaded, linked and called; the only package that imports wasmtime."""
