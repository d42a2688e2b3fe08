"""Chromium without a window, which a test drives: Debian's packages `chromium` and `chromium-driver`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

PROGRAMS = ("chromium", "chromedriver")
OPTIONS = (
    "--headless=new",
    "--window-size=640,480",
    # The tests may run as root, in a container with a small /dev/shm.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    # It may ask nobody but the page's server.
    "--disable-background-networking",
    "--no-proxy-server",
)


@contextmanager
def browser(profile: Path) -> Iterator[Chrome]:
    """A browser with an empty profile in the folder. Skips if there is none; fails if servers are required."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        message = f"not installed: {', '.join(missing)}; `make services` installs Chromium on Debian"
        if os.environ.get("WITKIT_REQUIRE_SERVICES"):
            pytest.fail(message)
        pytest.skip(message)
    options = ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for option in (*OPTIONS, f"--user-data-dir={profile}"):
        options.add_argument(option)
    driver = Chrome(options, Service(str(shutil.which("chromedriver"))))
    try:
        yield driver
    finally:
        driver.quit()
