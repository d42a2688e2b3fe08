"""The interfaces of SpiderLightning (`spiderlightning:keyvalue` and the others)."""
