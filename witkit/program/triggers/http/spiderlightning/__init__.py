"""SpiderLightning's interfaces for HTTP: routers, handlers, and the values that they exchange."""
