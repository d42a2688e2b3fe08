"""A customer: looks at the shop's page, orders by its form, and waits until the order is packed.

`python customer.py http://127.0.0.1:8080 2 tea`
"""

from __future__ import annotations

import html
import json
import re
import sys
import time
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

PATIENCE = 120.0
"""Seconds."""


def ordered(shop: str, quantity: str, item: str) -> str:
    """Orders, and returns the address of the order, to which the shop sends its customers."""
    form = urlencode({"quantity": quantity, "item": item}).encode()
    with urlopen(f"{shop}/orders", form) as answer:
        return str(answer.url)


def status(order: str) -> dict[str, object]:
    """What the shop says about an order."""
    with urlopen(Request(order, headers={"accept": "application/json"})) as answer:
        found: dict[str, object] = json.load(answer)
        return found


def packed(order: str) -> dict[str, object]:
    """The order when it is packed."""
    end = time.monotonic() + PATIENCE
    while (found := status(order))["status"] != "packed":
        if time.monotonic() > end:
            sys.exit(f"{order} is not packed after {PATIENCE:g} s: {found}")
        time.sleep(0.1)
    return found


def refusal(page: str) -> str:
    """What the shop says on a page without an order."""
    found = re.search(r'<p id="refusal">(.*?)</p>', page)
    return html.unescape(found[1]) if found else page


if __name__ == "__main__":
    if len(sys.argv) != 4:
        print(f"usage: python {sys.argv[0]} ADDRESS QUANTITY ITEM", file=sys.stderr)
        sys.exit(2)
    shop, quantity, item = sys.argv[1:]
    try:
        order = ordered(shop, quantity, item)
        print(f"ordered at {order}")
        print(json.dumps(packed(order)))
    except HTTPError as answer:
        sys.exit(f"the shop says: {refusal(answer.read().decode())}")
    except (URLError, ValueError) as unreachable:
        sys.exit(f"there is no shop at {shop}: {unreachable}")
