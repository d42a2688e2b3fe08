"""SQL databases: the protocol of its backends, and witkit's own backends."""
