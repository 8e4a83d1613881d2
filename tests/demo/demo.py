# SPDX-License-Identifier: MIT
"""The main job, walked through unattended: sandbox forges, a real keyring, a real `git clone`.
Each step shows its command and what it really printed."""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
from support.daemon import Daemon  # noqa: E402
from support.keyring import PrivateBus  # noqa: E402
from support.sandbox import TYPES, Sandbox, good, tokens  # noqa: E402


def main(bin_dir):
    folder = tempfile.mkdtemp(prefix="fl-demo-")
    sandbox, bus = Sandbox("--tls", os.path.join(folder, "tls")), PrivateBus(folder)
    daemon = Daemon(
        bus.environment,
        sandbox.tls_settings + f'[network]\nca_file = "{sandbox.ca}"\n',
        bin_dir=os.path.abspath(bin_dir),
    )
    environment = {**daemon.environment, "GIT_TERMINAL_PROMPT": "0"}

    def step(command, stdin="", fails=False):
        print(f"\n$ {command}", flush=True)
        done = subprocess.run(
            ["bash", "-c", command],
            env=environment,
            input=stdin,
            text=True,
            cwd=folder,
            timeout=120,
        )
        if (done.returncode != 0) != fails:
            raise SystemExit(f"this was not to be: exit status {done.returncode}")

    try:
        daemon.wait_store()
        step("forgelink status")
        for kind in TYPES:
            params = good(sandbox, kind)
            server = params.get("server_url", "").replace(
                sandbox.urls[kind], sandbox.tls_urls[kind]
            )
            more = "".join(
                f" --{option} {value}"
                for option, value in (
                    ("username", params.get("username")),
                    ("email", params.get("email")),
                    ("organization", params.get("organization")),
                    ("server", server),
                )
                if value
            )
            step(f"forgelink add 'My {kind}' --type {kind}{more} --token-stdin", params["token"])
        step("forgelink list")
        step(
            "forgelink add 'my GITHUB' --type github --token-stdin",
            tokens.first(tokens.GITHUB, "good"),
            fails=True,
        )
        step(
            "forgelink add Bad --type github --token-stdin",
            tokens.first(tokens.GITHUB, "revoked"),
            fails=True,
        )
        step("forgelink edit 'My github' --rename Work --username octo-dev")
        step("forgelink repos Work")
        step("forgelink commits Work octo-dev/hello")
        step(f"git config --global http.sslCAInfo {sandbox.ca}")
        step("forgelink git setup | head -4")
        step(
            f"git clone {sandbox.tls_urls['github']}/octo-dev/hello.git && git -C hello log"
            " --oneline"
        )
        step("forgelink show Work")
        step("forgelink remove 'My gitlab'")
        step("forgelink purge --all")
        step("forgelink list")
        step("forgelink git unset")
        print("\nThe demo went as it should.")
    finally:
        daemon.stop()
        bus.close()
        sandbox.close()
        shutil.rmtree(folder, ignore_errors=True)


main(sys.argv[1])
