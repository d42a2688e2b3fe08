"""Floor 5: what stands behind an import. One folder a capability, one module a backend.

`witkit.providers.table` knows which backends there are and imports one only when it is opened.
"""
