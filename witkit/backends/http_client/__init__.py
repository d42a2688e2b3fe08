"""Capability `http-client`: requests to other services, as far as the configuration permits.

`network` sends them, `memory` has fixed answers. `urls` reads addresses, `grants` decides which are permitted, and
`connecting` opens connections to exactly the addresses that it has checked.
"""
