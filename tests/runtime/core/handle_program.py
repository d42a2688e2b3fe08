"""`tests.runtime.handle_program` on the core engine: a random program that does with handles what no program should.

python -m tests.runtime.core.handle_program SEED STEPS
"""

from __future__ import annotations

import sys

from tests.runtime import handle_program
from tests.runtime.core import both

if __name__ == "__main__":
    with both.core_engine():
        handle_program.main(int(sys.argv[1]), int(sys.argv[2]))
