"""Fronts for wasmCloud's interfaces."""
