# SPDX-License-Identifier: MIT
"""A real login session for an ordinary user: a systemd user manager with its D-Bus, on a machine
whose first process need not be systemd. Its end is a logout: units are stopped, what they do at
their end runs, the runtime folder goes. Needs root."""
import glob
import os
import pwd
import shutil
import signal
import subprocess
import time

from .keyring import wait_until

# Tests that run side by side have a user each.
USER = "-".join(filter(None, ("forgelink-test", os.environ.get("PYTEST_XDIST_WORKER"))))


def possible():
    return (
        os.getuid() == 0 and os.path.exists("/usr/lib/systemd/systemd") and shutil.which("setpriv")
    )


class LoginSession:
    # Where the system is that the user logs into, as seen from here.
    root = ""

    def __init__(self, path, environment=None):
        try:
            entry = pwd.getpwnam(USER)
        except KeyError:
            subprocess.run(
                ["useradd", "--create-home", "--shell", "/bin/bash", USER],
                check=True,
                capture_output=True,
            )
            entry = pwd.getpwnam(USER)
        self.uid, self.gid, self.home = entry.pw_uid, entry.pw_gid, entry.pw_dir
        self.runtime = f"/run/user/{self.uid}"
        self.runtime_here = self.root + self.runtime
        shutil.rmtree(self.runtime_here, ignore_errors=True)
        os.makedirs(f"{self.root}/run/systemd/system", exist_ok=True)
        os.makedirs(self.runtime_here, mode=0o700)
        os.chown(self.runtime_here, self.uid, self.gid)
        self.environment = {
            "HOME": self.home,
            "USER": USER,
            "LOGNAME": USER,
            "SHELL": "/bin/bash",
            "LANG": "C.UTF-8",
            "PATH": path + ":/usr/bin:/bin:/usr/sbin:/sbin",
            "XDG_RUNTIME_DIR": self.runtime,
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={self.runtime}/bus",
            **(environment or {}),
        }
        # A control group that the user's manager may divide.
        self.groups = []
        for hierarchy in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"):
            if os.path.exists(f"{hierarchy}/cgroup.procs"):
                group = f"{hierarchy}/forgelink-test-{self.uid}"
                os.makedirs(group, exist_ok=True)
                for one in [group, *glob.glob(f"{group}/cgroup.*")]:
                    shutil.chown(one, self.uid)
                self.groups.append(group)
        self.log = open(os.path.join("/tmp", f"login-session-{self.uid}.log"), "wb")
        self.manager = subprocess.Popen(
            self.command("/usr/lib/systemd/systemd", "--user"),
            env={**self.environment, "SYSTEMD_LOG_TARGET": "console"},
            cwd=self.home,
            stdout=self.log,
            stderr=self.log,
            stdin=subprocess.DEVNULL,
            preexec_fn=self.join,
        )
        wait_until(
            lambda: os.path.exists(f"{self.runtime_here}/bus")
            and os.path.exists(f"{self.runtime_here}/systemd/private"),
            20,
        )

    def join(self):
        for group in self.groups:
            try:
                with open(f"{group}/cgroup.procs", "w") as procs:
                    procs.write(str(os.getpid()))
            except OSError:
                pass

    def command(self, *words):
        return [
            "setpriv",
            "--reuid",
            str(self.uid),
            "--regid",
            str(self.gid),
            "--init-groups",
            "--",
            *words,
        ]

    def run(self, *words, stdin="", timeout=60, check=False):
        done = subprocess.run(
            self.command(*words),
            env=self.environment,
            cwd=self.home,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def systemctl(self, *words, **more):
        return self.run("systemctl", "--user", *words, **more)

    def property(self, unit, name):
        return self.systemctl("show", "--value", "-p", name, unit).stdout.strip()

    def unlock_keyring(self, password):
        subprocess.run(
            self.command("gnome-keyring-daemon", "--unlock", "--components=secrets"),
            env=self.environment,
            cwd=self.home,
            input=password.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=20,
        )
        wait_until(
            lambda: self.run("busctl", "--user", "status", "org.freedesktop.secrets").returncode
            == 0
        )

    def end(self, kill=False):
        """A logout; with `kill` the plug is pulled instead."""
        if kill:
            for group in self.groups:
                for _ in range(50):
                    pids = {
                        int(line)
                        for path in glob.glob(f"{group}/**/cgroup.procs", recursive=True)
                        for line in open(path).read().split()
                    }
                    for pid in pids:
                        try:
                            os.kill(pid, signal.SIGKILL)
                        except ProcessLookupError:
                            pass
                    if not pids:
                        break
                    time.sleep(0.05)
        else:
            self.systemctl("exit")
        try:
            self.manager.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.manager.kill()
            self.manager.wait()
        self.log.close()
        shutil.rmtree(self.runtime_here, ignore_errors=True)
        for group in self.groups:
            for folder, _, _ in os.walk(group, topdown=False):
                try:
                    os.rmdir(folder)
                except OSError:
                    pass

    def clean_home(self):
        for part in (
            ".local/share/forgelink",
            ".local/share/keyrings",
            ".config/forgelink",
            ".local/state/forgelink",
            ".config/systemd",
            ".local/share/systemd",
            ".gitconfig",
        ):
            path = os.path.join(self.home, part)
            shutil.rmtree(path, ignore_errors=True)
            if os.path.isfile(path):
                os.remove(path)
