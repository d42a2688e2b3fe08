"""Price many baskets in several processes: joblib ships the component, and each process compiles it once."""

from pathlib import Path

from joblib import Parallel, delayed
from orders import OrdersComponent

import witkit.host

BASKETS = [{"coffee": number % 3, "tea": number % 5, "teapot": number % 2} for number in range(120)]
PROCESSES = 2


def quotes(component: OrdersComponent, baskets: list[dict[str, int]]) -> list[int]:
    """The prices of these baskets in cents. This runs in a process of its own."""
    with witkit.host.bind(component, keyvalue="memory") as imports, component.instantiate(**imports) as orders:
        prices = {}
        for name in {name for basket in baskets for name in basket}:
            with orders.catalog.Item(name) as item:
                prices[name] = item.price()
        return [sum(count * prices[name] for name, count in basket.items()) for basket in baskets]


if __name__ == "__main__":
    component = OrdersComponent.load(Path(__file__).with_name("orders.wasm"))
    # A component is pickled by its bytes: give each process a part of the work, not each basket a copy.
    parts = [BASKETS[start::PROCESSES] for start in range(PROCESSES)]
    found = Parallel(n_jobs=PROCESSES)(delayed(quotes)(component, part) for part in parts)
    print(f"{len(BASKETS)} baskets, {sum(map(sum, found))} cents")
