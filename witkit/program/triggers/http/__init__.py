"""The trigger for HTTP: an ASGI application whose requests a guest answers, and a server for it.

`application` is the ASGI application: it knows limits, ids and statuses, and a `Front`, which knows an interface that
guests export. `spiderlightning` is one; `opened` puts both together, and `server` runs them under uvicorn.
"""
