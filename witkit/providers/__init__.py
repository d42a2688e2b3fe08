"""Floor 5: what stands behind an import: one folder a capability, one module a backend."""
