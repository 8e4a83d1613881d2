# SPDX-License-Identifier: MIT
"""A real browser without a screen."""
import contextlib
import os

import pytest

BINARY, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
OPTIONS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
    "--window-size=900,640",
]


@contextlib.contextmanager
def chromium(folder):
    webdriver = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    if not os.path.exists(BINARY):
        pytest.skip("chromium is not installed")
    options = webdriver.ChromeOptions()
    for word in [*OPTIONS, f"--user-data-dir={folder}/chromium"]:
        options.add_argument(word)
    options.binary_location = BINARY
    browser = webdriver.Chrome(service=Service(DRIVER), options=options)
    try:
        browser.set_page_load_timeout(20)
        yield browser
    finally:
        browser.quit()
