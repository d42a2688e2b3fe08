"""The target `payloads`: functions that make messages of values and values of messages, for guests."""
