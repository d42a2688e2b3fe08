"""Log messages of programs, for those who operate them.

- Each message is one line or entry, in the order of the calls of one thread.
- A program does not learn of a failure: the interface has no case for it. The operator's log has it.
"""
