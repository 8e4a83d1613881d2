# SPDX-License-Identifier: MIT
"""./dev test platforms [--full] [SUITE...]: what README promises, in bare systems of the supported
releases.

In each: the two commands of README in a clone of this commit, the package made there, then that
package in a second bare system of the release: installed, a login session, a connection, a clone,
doctor, logout, removed. `./dev test` is shortened to its unit tests unless --full is given. Takes
an hour per release, two with --full; for a release, not for CI. All that was printed is in
build/platforms/SUITE.log, the results of each test in build/platforms/SUITE.
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
RESULTS = os.path.join(ROOT, "build", "platforms")
READY_SECONDS = 3600
TEST_SECONDS = 4 * 3600


def clone_into(bare):
    """This commit as a clone, with nothing of build/; a bare system has no git yet."""
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", ROOT, bare.path + SOURCE], check=True)
    shutil.rmtree(f"{bare.path}{SOURCE}/build", ignore_errors=True)


def dev_run(bare):
    """`./dev run` until the daemon answers a client in a second shell; then Ctrl-C."""
    print(f"\n# cd {SOURCE} && ./dev run", flush=True)
    environment = {**bare.environment(), "XDG_RUNTIME_DIR": "/run/fl-platforms"}
    runtime = f"{bare.container.root}/run/fl-platforms"
    os.makedirs(runtime, mode=0o700)
    daemon = subprocess.Popen(
        bare.container.command("sh", "-c", f"cd {SOURCE} && exec ./dev run"),
        env=environment,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    end = time.monotonic() + READY_SECONDS
    try:
        while not os.path.exists(f"{runtime}/forgelink/socket"):
            assert daemon.poll() is None, "./dev run ended"
            assert time.monotonic() < end, "./dev run takes too long"
            time.sleep(1)
        told = bare.run(f"{SOURCE}/build/release/bin/forgelink", "status", environment=environment)
        assert "memory" in told
    finally:
        os.killpg(daemon.pid, signal.SIGINT)
        daemon.wait(timeout=60)


def dev_test(bare, full):
    """`./dev test`; its results are kept, whatever they are. Returns the line with the counts."""
    try:
        told = bare.run(*dev("test" if full else "test unit"), timeout=TEST_SECONDS)
        return told.strip().splitlines()[-1]
    finally:
        made = f"{bare.path}{SOURCE}/build/test-results"
        if os.path.isdir(made):
            shutil.copytree(made, os.path.join(RESULTS, bare.suite), dirs_exist_ok=True)


def dev_package(bare, packages):
    bare.run(*dev("package"), timeout=3600)
    for path in glob.glob(f"{bare.path}{SOURCE}/dist/*.deb"):
        shutil.copy(path, packages)


def two_commands(suite, full, packages, log):
    """Returns a few words on each step; leaves the packages in `packages`."""
    folder, bare, told = tempfile.mkdtemp(prefix="fl-bare-", dir="/opt"), None, []
    steps = (
        ("./dev run", lambda: dev_run(bare)),
        ("./dev test", lambda: dev_test(bare, full)),
        ("./dev package", lambda: dev_package(bare, packages)),
    )
    try:
        bare = BareRoot(folder, suite, log=log)
        clone_into(bare)
        for name, step in steps:
            began = time.monotonic()
            counts = step()
            told.append(f"{name} {time.monotonic() - began:.0f} s")
            told[-1] += f" ({counts})" if counts else ""
        return told
    finally:
        if bare:
            bare.close()
        shutil.rmtree(folder)


def dev(words):
    return ("sh", "-c", f"cd {SOURCE} && ./dev {words}")


def one_release(suite, full):
    packages, log = tempfile.mkdtemp(prefix="fl-packages-"), os.path.join(RESULTS, f"{suite}.log")
    shutil.rmtree(os.path.join(RESULTS, suite), ignore_errors=True)
    os.makedirs(RESULTS, exist_ok=True)
    open(log, "w").close()
    try:
        told = two_commands(suite, full, packages, log)
        package = glob.glob(f"{packages}/forgelink_*.deb")[0]
        began = time.monotonic()
        with_bare_root(suite, lambda bare, sandbox: install_use_remove(bare, sandbox, package), log)
        return [*told, f"install, use, remove {time.monotonic() - began:.0f} s"]
    finally:
        shutil.rmtree(packages)


def main(words):
    full = "--full" in words
    suites = [word for word in words if not word.startswith("-")] or SUITES
    passed = failed = 0
    for suite in suites:
        try:
            print(f"\n{suite}: " + ", ".join(one_release(suite, full)))
            passed += 1
        except (AssertionError, subprocess.SubprocessError, OSError) as error:
            print(f"\n{suite}: FAILED: {error!r}")
            failed += 1
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
