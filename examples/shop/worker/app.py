"""The worker of the shop: it is called for each order that the front has published, and packs it.

A message may come twice. Packing an order that is packed changes nothing.
"""

from __future__ import annotations

from componentize_py_types import Err
from payloads import decode_order_placed
from wit_world import exports
from wit_world.imports.sql import Sql, SqlError, Statement
from wit_world.imports.types import BrokerMessage

PACK = "UPDATE shop_order SET status = 'packed' WHERE number = $1"


class Handler(exports.Handler):
    """What the worker is called for."""

    def handle_message(self, msg: BrokerMessage) -> None:
        order = decode_order_placed(msg.body)
        try:
            with Sql.open("shop") as database, Statement.prepare(PACK, [str(order.number)]) as pack:
                database.exec(pack)
        except Err as failed:
            # The message comes again.
            raise Err(_said(failed.value)) from failed
        print(f"packed order {order.number}: {order.quantity} x {order.item}", flush=True)


def _said(error: SqlError) -> str:
    return f"{type(error).__name__.partition('_')[2]}: {error.value}"
