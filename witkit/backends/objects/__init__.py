"""Object stores (S3, Azure Blob Storage, Google Cloud Storage) through obstore, for blobs and for key-value stores.

All containers of a backend are in one bucket, each below its own name; or each container is a bucket. Names are kept
as they are as far as the services permit (`spelling`). Everything is bounded by the setting `timeout`.
"""
