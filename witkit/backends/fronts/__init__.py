"""Fronts: interfaces over backends. A front is the only code that knows both WIT and a backend's protocol."""
