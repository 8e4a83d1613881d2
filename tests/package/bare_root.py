# SPDX-License-Identifier: MIT
"""The package in a bare Debian 12: installed with apt, used in a real login session, removed without leftovers.

Makes the bare system with mmdebstrap in a temporary folder, so it needs root and Debian's packages; the sandbox forges
outside are the only network that is used after that. Shows each command and what it really printed."""
import glob
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
from support.login_session import USER, LoginSession  # noqa: E402
from support.sandbox import Sandbox, tokens  # noqa: E402

TOKEN = tokens.first(tokens.GITHUB, "good")
PASSWORD = "login-password"
# What the bare system needs of the machine, bound into it; taken apart again in the opposite order.
MOUNTS = ("proc", "sys", "dev", "run")


class BareRoot:
    def __init__(self, folder):
        self.path = os.path.join(folder, "root")
        # As an ordinary user the programs have to get through the folders above them.
        os.chmod(folder, 0o755)
        sources = [path for path in glob.glob("/etc/apt/sources.list.d/*.sources") + ["/etc/apt/sources.list"] if os.path.exists(path)]
        subprocess.run(["mmdebstrap", "--quiet", "--variant=apt", "bookworm", self.path, *sources], check=True)
        os.makedirs(f"{self.path}/run", exist_ok=True)
        self.mounted = []
        for name in MOUNTS:
            subprocess.run(["mount", "--rbind", "--make-rslave", f"/{name}", f"{self.path}/{name}"], check=True)
            self.mounted.append(name)

    def run(self, *words, check=True):
        print("\n#", " ".join(words), flush=True)
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["chroot", self.path, *words], env=environment, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=900)
        told = [line for line in done.stdout.splitlines() if not line.startswith("(Reading database")]
        print(*told[-12:], sep="\n", flush=True)
        assert not check or done.returncode == 0, f"exit status {done.returncode}"
        return done.stdout

    def traces(self):
        """Paths that bear our name, but for the user's own and what apt and man-db keep of every package."""
        found = set()
        for top in ("etc", "usr", "var", "opt"):
            for folder, folders, files in os.walk(f"{self.path}/{top}"):
                found |= {os.path.join(folder, name)[len(self.path):] for name in folders + files if "forgelink" in name}
        return {path for path in found if not re.match(r"/var/(log|cache|lib/apt)/", path)}

    def close(self):
        for name in reversed(self.mounted):
            subprocess.run(["umount", "--recursive", "--lazy", f"{self.path}/{name}"], check=True)


class SessionInside(LoginSession):
    """The same person, of the same number, in the bare system."""

    root = None

    def command(self, *words):
        return ["chroot", self.root, *super().command(*words)]

    def type(self, command, stdin="", fails=False):
        print(f"\n$ {command}", flush=True)
        done = self.run("bash", "-c", f"cd ~ && {command}", stdin=stdin)
        print(done.stdout + done.stderr, end="", flush=True)
        assert TOKEN not in done.stdout + done.stderr
        assert (done.returncode != 0) == fails, f"exit status {done.returncode}"
        return done.stdout


def uid_of_user():
    if subprocess.run(["id", USER], capture_output=True).returncode != 0:
        subprocess.run(["useradd", "--create-home", "--shell", "/bin/bash", USER], check=True)
    return pwd.getpwnam(USER).pw_uid


def use(sandbox):
    """A person's first day, from login to logout."""
    session = SessionInside("/usr/bin")
    try:
        session.unlock_keyring(PASSWORD)
        session.type("mkdir -p ~/.config/forgelink && cat > ~/.config/forgelink/config.toml", sandbox.tls_settings + '[network]\nca_file = "/opt/sandbox-ca.pem"\n')
        assert session.property("forgelink.socket", "ActiveState") == "active", "enabled for everybody by the package"
        assert session.property("forgelink-session.service", "ActiveState") == "active"
        session.type("forgelink status")
        session.type("forgelink add Work --type github --username octo-dev --token-stdin", TOKEN)
        session.type("forgelink add Visit --type github --session --token-stdin", tokens.first(tokens.GITHUB, "good"))
        session.type("forgelink remove Visit")
        session.type("forgelink edit Work --session")
        session.type("git config --global http.sslCAInfo /opt/sandbox-ca.pem")
        session.type("forgelink git setup")
        session.type(f"git clone {sandbox.tls_urls['github']}/octo-dev/hello.git && git -C hello log --oneline")
        session.type("forgelink list")
        session.type("forgelink doctor")
    finally:
        session.end()
    session = SessionInside("/usr/bin")
    try:
        session.unlock_keyring(PASSWORD)
        assert "missing" in session.type("forgelink list"), "the token ended with the session"
        session.type("forgelink git unset")
    finally:
        session.end()


def main(package):
    folder = tempfile.mkdtemp(prefix="fl-bare-", dir="/opt")
    sandbox = Sandbox("--tls", os.path.join(folder, "tls"))
    bare = None
    try:
        print("A bare Debian 12 ...", flush=True)
        bare = BareRoot(folder)
        shutil.copy(package, f"{bare.path}/opt/forgelink.deb")
        shutil.copy(sandbox.ca, f"{bare.path}/opt/sandbox-ca.pem")
        bare.run("apt-get", "-q", "update")
        before = bare.traces()
        bare.run("apt-get", "-q", "-y", "install", "/opt/forgelink.deb")
        bare.run("apt-get", "-q", "-y", "install", "man-db", "procps")
        os.remove(f"{bare.path}/opt/forgelink.deb")
        assert "NAME" in bare.run("sh", "-c", "man forgelink | cat")
        SessionInside.root = bare.path
        bare.run("useradd", "--create-home", "--shell", "/bin/bash", "--uid", str(uid_of_user()), USER)
        use(sandbox)
        bare.run("apt-get", "-q", "-y", "remove", "forgelink")
        assert not bare.traces() - before, bare.traces() - before
        assert os.path.exists(f"{bare.path}/home/{USER}/.local/share/forgelink/connections.db"), "the user's own data stays"
        print("\nThe package was installed, used and removed as it should.")
    finally:
        if bare:
            bare.close()
        sandbox.close()
        shutil.rmtree(folder)


main(sys.argv[1])
