"""The interfaces of WASI."""
