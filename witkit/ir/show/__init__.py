"""Resolved packages as text: the JSON of wasm-tools, canonical WIT, an outline."""
