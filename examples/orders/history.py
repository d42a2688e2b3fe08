"""The orders that `witkit run` stored: a program with the same backend behind the component's import."""

from pathlib import Path

from orders import OrdersComponent

import witkit.host

component = OrdersComponent.load(Path(__file__).with_name("orders.wasm"))
with witkit.host.bind(component, keyvalue="sqlite") as imports, component.instantiate(**imports) as orders:
    for receipt in orders.history():
        print(f"{receipt.number}: {receipt.quantity} x {receipt.item}")
