"""Changes in key-value stores, for guests that handle events or export `wasi:keyvalue/watcher`."""
