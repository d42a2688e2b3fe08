"""The pages of the shop. They need no script: a form places an order, and its page reloads until it is packed."""

from __future__ import annotations

from html import escape

from storage import Order, Product

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100%; margin-bottom: 1.5rem }
th, td { text-align: left; padding: .4rem 0; border-bottom: 1px solid #ddd }
td + td, th + th { text-align: right }
input, select, button { font: inherit; padding: .3rem .6rem }
input { width: 4rem }
"""


def products(all_of_them: list[Product]) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.name)}</td><td>{_money(one.cents)}</td><td>{one.left}</td></tr>" for one in all_of_them
    )
    options = "".join(f"<option>{escape(one.name)}</option>" for one in all_of_them)
    return _page(
        "Tea and coffee",
        f"""<table id="products"><tr><th>Product</th><th>Price</th><th>In stock</th></tr>{rows}</table>
<form method="post" action="/orders">
<input name="quantity" type="number" min="1" max="999" value="1" required> of
<select name="item">{options}</select> <button>Order</button>
</form>""",
    )


def order(one: Order) -> str:
    waiting = '<meta http-equiv="refresh" content="1">' if one.status == "placed" else ""
    return _page(
        f"Order {one.number}",
        f"""<p id="order">{one.quantity} x {escape(one.item)}, {_money(one.cents)}</p>
<p>Your order is <b id="status">{escape(one.status)}</b>.</p><p><a href="/">Order more</a></p>""",
        waiting,
    )


def refusal(why: str) -> str:
    return _page("Sorry", f'<p id="refusal">{escape(why)}</p><p><a href="/">Back to the shop</a></p>')


def _money(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _page(title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1>{body}</body></html>"
    )
