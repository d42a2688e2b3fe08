"""`wasi:keyvalue` in two drafts, over key-value backends.

The three interfaces of a draft share its buckets: `store` opens them, `atomics` and `batch` use what it has opened.
"""
