# SPDX-License-Identifier: MIT
"""Fixtures: the sandbox (once for all), a private bus with a keyring, a daemon on it."""
import os
import shutil
import sys
import tempfile

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from support.daemon import RELEASE, Daemon  # noqa: E402
from support.keyring import PrivateBus  # noqa: E402
from support.sandbox import Sandbox  # noqa: E402


@pytest.fixture(scope="session")
def forges():
    folder = tempfile.mkdtemp(prefix="fl-tls-")
    sandbox = Sandbox("--tls", folder)
    yield sandbox
    sandbox.close()
    shutil.rmtree(folder)


@pytest.fixture
def sandbox(forges):
    forges.reset()
    yield forges


@pytest.fixture
def folder():
    # Short: a socket's path holds 107 bytes.
    path = tempfile.mkdtemp(prefix="fl-")
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def bus(folder):
    private = PrivateBus(folder)
    yield private
    private.close()


@pytest.fixture
def make_daemon(sandbox, bus):
    made = []

    def make(settings="", **options):
        daemon = Daemon(bus.environment, sandbox.settings + settings, **options)
        made.append(daemon)
        if options.get("start", True) and "store" not in settings and bus.keyring:
            daemon.wait_store()
        return daemon

    yield make
    for daemon in made:
        daemon.stop()
        assert not [
            said
            for said in ("AddressSanitizer", "ThreadSanitizer", "runtime error")
            if said in daemon.log()
        ], daemon.log()


@pytest.fixture
def daemon(make_daemon):
    return make_daemon()


@pytest.fixture
def release_daemon(make_daemon):
    return make_daemon(bin_dir=RELEASE)
