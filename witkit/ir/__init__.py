"""Floor 2: the resolved model, loading and resolving, the reference's JSON."""
