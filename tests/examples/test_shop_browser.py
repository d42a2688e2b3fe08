"""A browser opens the page of the shop, which a component serves, and places an order, which another one packs."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import text_to_be_present_in_element
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

from tests.examples.browser import browser
from tests.guest.building import built

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"
PATIENCE = 120


@contextmanager
def serving(folder: Path, guest: str, *options: str) -> Iterator[str]:
    """What a guest says until it serves. It ends in order afterwards."""
    command = [sys.executable, "-m", "witkit", "serve", guest, *options]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        said = ""
        while "witkit: serving" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        try:
            yield said
        finally:
            process.send_signal(signal.SIGTERM)
            _, rest = process.communicate(timeout=PATIENCE)
    assert process.returncode == 143, said + rest


@pytest.mark.thorough
def test_a_browser_places_an_order(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns("*.wasm", "*.py", ".*", "__pycache__")
    shop = Path(shutil.copytree(SHOP, tmp_path / "shop", ignore=ignored))
    for name in ("front", "worker"):
        shutil.copyfile(built(SHOP / name, f"shop-{name}", tmp_path), shop / f"{name}.wasm")
    with (
        browser(tmp_path / "profile") as page,
        serving(shop, "worker.wasm"),
        serving(shop, "front.wasm", "--address", "127.0.0.1:0") as said,
    ):
        (url,) = re.findall(r"requests are answered at (\S+)", said)
        page.set_page_load_timeout(PATIENCE)
        page.get(url)
        rows = [row.text for row in page.find_elements(By.CSS_SELECTOR, "#products tr")]
        assert rows == ["Product Price In stock", "coffee 4.50 20", "tea 3.20 40", "teapot 24.00 2"]
        quantity = page.find_element(By.NAME, "quantity")
        quantity.clear()
        quantity.send_keys("3")
        Select(page.find_element(By.NAME, "item")).select_by_visible_text("tea")
        page.find_element(By.TAG_NAME, "button").click()
        wait = WebDriverWait(page, PATIENCE)
        wait.until(text_to_be_present_in_element((By.ID, "status"), "packed"))
        assert page.current_url == f"{url}/orders/1"
        assert page.find_element(By.ID, "order").text == "3 x tea, 9.60"
        page.find_element(By.LINK_TEXT, "Order more").click()
        wait.until(text_to_be_present_in_element((By.ID, "products"), "tea 3.20 37"))
