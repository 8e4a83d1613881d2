# SPDX-License-Identifier: MIT
"""./dev test platforms [--full] [SUITE...]: what README promises, in bare systems of the supported
releases.

In each: the two commands of README in a clone of this commit, the package made there, then that
package in a second bare system of the release: installed, a login session, a connection, a clone,
doctor, logout, removed. `./dev test` is shortened to its unit tests unless --full is given. Takes
half an hour per release; for a release, not for CI. Transcripts and figures are in
build/platforms/SUITE.log.
"""
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from bare_root import ROOT, BareRoot, install_use_remove, with_bare_root

SUITES = ("bookworm", "trixie")
SOURCE = "/home/forgelink"
READY_SECONDS = 3600


def clone_into(bare):
    """This commit as a clone, with nothing of build/; a bare system has no git yet."""
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", ROOT, bare.path + SOURCE], check=True)
    shutil.rmtree(f"{bare.path}{SOURCE}/build", ignore_errors=True)


def dev_run(bare):
    """`./dev run` until the daemon answers a client in a second shell; then Ctrl-C."""
    print(f"\n# cd {SOURCE} && ./dev run", flush=True)
    environment = {**bare.environment(), "XDG_RUNTIME_DIR": "/run/fl-platforms"}
    os.makedirs(f"{bare.path}/run/fl-platforms", mode=0o700, exist_ok=True)
    daemon = subprocess.Popen(
        ["chroot", bare.path, "sh", "-c", f"cd {SOURCE} && exec ./dev run"],
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    socket = f"{bare.path}/run/fl-platforms/forgelink/socket"
    end = time.monotonic() + READY_SECONDS
    try:
        while not os.path.exists(socket):
            assert daemon.poll() is None, "./dev run ended"
            assert time.monotonic() < end, "./dev run takes too long"
            time.sleep(1)
        told = bare.run(f"{SOURCE}/build/release/bin/forgelink", "status", environment=environment)
        assert "memory" in told
    finally:
        os.killpg(daemon.pid, signal.SIGINT)
        daemon.wait(timeout=60)


def two_commands(suite, full, packages):
    """Returns seconds per step; leaves the package in `packages`."""
    folder, bare, seconds = tempfile.mkdtemp(prefix="fl-bare-", dir="/opt"), None, {}
    steps = (
        ("bare system", lambda: None),
        ("./dev run", lambda: dev_run(bare)),
        ("./dev test", lambda: bare.run(*dev("test" if full else "test unit"), timeout=7200)),
        ("./dev package", lambda: bare.run(*dev("package"), timeout=3600)),
    )
    try:
        began = time.monotonic()
        bare = BareRoot(folder, suite)
        clone_into(bare)
        for name, step in steps:
            step()
            seconds[name], began = time.monotonic() - began, time.monotonic()
        for path in glob.glob(f"{bare.path}{SOURCE}/dist/*.deb"):
            shutil.copy(path, packages)
        return seconds
    finally:
        if bare:
            bare.close()
        shutil.rmtree(folder)


def dev(words):
    return ("sh", "-c", f"cd {SOURCE} && ./dev {words}")


def one_release(suite, full):
    packages = tempfile.mkdtemp(prefix="fl-packages-")
    try:
        seconds = two_commands(suite, full, packages)
        package = glob.glob(f"{packages}/forgelink_*.deb")[0]
        began = time.monotonic()
        with_bare_root(suite, lambda bare, sandbox: install_use_remove(bare, sandbox, package))
        seconds["install, use, remove"] = time.monotonic() - began
        return seconds
    finally:
        shutil.rmtree(packages)


def main(words):
    full = "--full" in words
    suites = [word for word in words if not word.startswith("-")] or SUITES
    passed = failed = 0
    for suite in suites:
        try:
            seconds = one_release(suite, full)
            print(
                f"\n{suite}: "
                + ", ".join(f"{name} {taken:.0f} s" for name, taken in seconds.items())
            )
            passed += 1
        except (AssertionError, subprocess.SubprocessError, OSError) as error:
            print(f"\n{suite}: FAILED: {error!r}")
            failed += 1
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
