"""The same as `quotes.py` on a cluster of Dask, here of two processes: Dask sends the component to each worker once."""

from pathlib import Path

from distributed import Client, LocalCluster
from orders import OrdersComponent
from quotes import BASKETS, PROCESSES, quotes

if __name__ == "__main__":
    component = OrdersComponent.load(Path(__file__).with_name("orders.wasm"))
    with (
        LocalCluster(n_workers=PROCESSES, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        there = client.scatter(component, broadcast=True)
        parts = [BASKETS[start::PROCESSES] for start in range(PROCESSES)]
        found = client.gather([client.submit(quotes, there, part) for part in parts])
    print(f"{len(BASKETS)} baskets, {sum(map(sum, found))} cents")
