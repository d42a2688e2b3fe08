"""The target `guest`: what componentize-py offers a guest, typed, documented, and able to run under CPython."""
