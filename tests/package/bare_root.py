# SPDX-License-Identifier: MIT
"""A bare Debian of any release, and a person's first day with the package in it.

Made with mmdebstrap in a temporary folder, so it needs root and Debian's packages; after that the
sandbox forges outside are the only network that is used. Every command is shown with the end of
what it printed; all of it goes into a log if one is given.

The mirror is the one this machine's own packages come from; FORGELINK_MIRROR names another.
"""
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "tests", "integration"))
from container import Container  # noqa: E402
from support.login_session import USER, LoginSession  # noqa: E402
from support.sandbox import Sandbox, tokens  # noqa: E402

TOKEN = tokens.first(tokens.GITHUB, "good")
PASSWORD = "login-password"
SHOWN_LINES = 12


def codename():
    """This machine's release, as `bookworm`; empty if it does not say."""
    with open("/etc/os-release", encoding="utf-8") as text:
        found = re.search(r'^VERSION_CODENAME="?(\w+)"?$', text.read(), re.MULTILINE)
    return found[1] if found else ""


def mirror():
    """Where this machine's own release comes from, or nothing: mmdebstrap's default then."""
    if os.environ.get("FORGELINK_MIRROR"):
        return [os.environ["FORGELINK_MIRROR"]]
    places = ["/etc/apt/sources.list"]
    if os.path.isdir("/etc/apt/sources.list.d"):
        places += [entry.path for entry in os.scandir("/etc/apt/sources.list.d")]
    for place in sorted(filter(os.path.isfile, places)):
        with open(place, encoding="utf-8") as text:
            told = text.read()
        for stanza in told.split("\n\n"):
            suites = re.search(r"^Suites:(.*)$", stanza, re.MULTILINE)
            uri = re.search(r"^URIs:\s*(\S+)", stanza, re.MULTILINE)
            if suites and uri and codename() in suites[1].split():
                return [uri[1]]
        line = re.search(rf"^deb (?:\[.*?\] )?(\S+) {codename()} ", told, re.MULTILINE)
        if line:
            return [line[1]]
    return []


class BareRoot:
    """A new system of one release in `folder`, running; close() ends all its processes."""

    def __init__(self, folder, suite, variant="apt", log=None):
        self.path, self.suite = os.path.join(folder, "root"), suite
        self.log = log or os.path.join(folder, "log")
        # As an ordinary user the programs have to get through the folders above them.
        os.chmod(folder, 0o755)
        command = [
            "mmdebstrap",
            "--quiet",
            f"--variant={variant}",
            "--components=main",
            suite,
            self.path,
        ]
        subprocess.run(command + mirror(), check=True)
        self.container = Container(self.path)

    def run(self, *words, check=True, timeout=900, environment=None):
        """Returns what the command printed. It goes straight to the log: what takes an hour can
        be followed there."""
        print("\n#", " ".join(words), flush=True)
        with open(self.log, "a+", encoding="utf-8", errors="replace") as log:
            print("\n#", *words, file=log, flush=True)
            began = log.tell()
            status = subprocess.run(
                self.container.command(*words),
                env={**self.environment(), **(environment or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                timeout=timeout,
            ).returncode
            log.seek(began)
            told = log.read()
        lines = [line for line in told.splitlines() if not line.startswith("(Reading database")]
        print(*lines[-SHOWN_LINES:], sep="\n", flush=True)
        assert not check or status == 0, f"exit status {status}"
        return told

    @staticmethod
    def environment():
        return {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "DEBIAN_FRONTEND": "noninteractive",
            "LC_ALL": "C.UTF-8",
            "HOME": "/root",
        }

    def traces(self):
        """Paths that bear our name, but for the user's own and what apt and man-db keep of every
        package."""
        found = set()
        for top in ("etc", "usr", "var", "opt"):
            for folder, folders, files in os.walk(f"{self.path}/{top}"):
                named = [name for name in folders + files if "forgelink" in name]
                found |= {os.path.join(folder, name)[len(self.path) :] for name in named}
        return {path for path in found if not re.match(r"/var/(log|cache|lib/apt)/", path)}

    def close(self):
        self.container.close()


class SessionInside(LoginSession):
    """The same person, of the same number, in the bare system."""

    container = None

    def command(self, *words):
        return self.container.command(*super().command(*words))

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
        session.type(
            "mkdir -p ~/.config/forgelink && cat > ~/.config/forgelink/config.toml",
            sandbox.tls_settings + '[network]\nca_file = "/opt/sandbox-ca.pem"\n',
        )
        assert (
            session.property("forgelink.socket", "ActiveState") == "active"
        ), "enabled for everybody by the package"
        assert session.property("forgelink-session.service", "ActiveState") == "active"
        session.type("forgelink status")
        session.type("forgelink add Work --type github --username octo-dev --token-stdin", TOKEN)
        session.type(
            "forgelink add Visit --type github --session --token-stdin",
            tokens.first(tokens.GITHUB, "good"),
        )
        session.type("forgelink remove Visit")
        session.type("forgelink edit Work --session")
        session.type("git config --global http.sslCAInfo /opt/sandbox-ca.pem")
        session.type("forgelink git setup")
        session.type(
            f"git clone {sandbox.tls_urls['github']}/octo-dev/hello.git"
            " && git -C hello log --oneline"
        )
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


def upgrade(bare, sandbox):
    """What only memory holds, a token and a sign-in that waits, outlives the package's upgrade."""
    bare.run(
        *("sh", "-c"),
        "cd /opt && dpkg-deb --raw-extract forgelink.deb next"
        " && sed -i 's/^Version: .*/&+next/' next/DEBIAN/control"
        " && dpkg-deb --root-owner-group --build next next.deb && rm -r next",
    )
    session = SessionInside("/usr/bin")
    try:
        session.type("cat >> ~/.config/forgelink/config.toml", '\n[secrets]\nstore = "memory"\n')
        session.type("forgelink add Kept --type github --token-stdin", TOKEN)
        session.type(f"forgelink oauth-app set github --client-id {tokens.OAUTH_CLIENT_ID}")
        wanted = '{"method": "device", "add": {"name": "Waiting", "type": "github"}}'
        waiting = json.loads(session.type(f"forgelink call sign_in.start '{wanted}'"))["sign_in"]
        before = session.property("forgelink.service", "MainPID")
        bare.run("dpkg", "--install", "/opt/next.deb")
        # With another program as the first process there is no systemd that the package's script
        # could ask for the users' managers: this is what it then has each of them do.
        session.type("systemctl --user daemon-reload")
        session.type("systemctl --user try-restart forgelink.service")
        assert session.property("forgelink.service", "MainPID") not in ("0", before)
        assert "valid" in session.type("forgelink show Kept")
        sandbox.device("approved")
        wanted = json.dumps({"sign_in": waiting, "timeout": 60})
        assert "completed" in session.type(f"forgelink call sign_in.wait '{wanted}'")
        assert "valid" in session.type("forgelink show Waiting")
    finally:
        session.end()


def install_use_remove(bare, sandbox, package):
    """The package's life in a bare system: installed, used by a person, upgraded, removed without
    leftovers."""
    shutil.copy(package, f"{bare.path}/opt/forgelink.deb")
    shutil.copy(sandbox.ca, f"{bare.path}/opt/sandbox-ca.pem")
    bare.run("apt-get", "-q", "update")
    before = bare.traces()
    bare.run("apt-get", "-q", "-y", "install", "/opt/forgelink.deb")
    bare.run("apt-get", "-q", "-y", "install", "man-db", "procps")
    assert "NAME" in bare.run("sh", "-c", "man forgelink | cat")
    SessionInside.container, SessionInside.root = bare.container, bare.container.root
    bare.run("useradd", "--create-home", "--shell", "/bin/bash", "--uid", str(uid_of_user()), USER)
    use(sandbox)
    upgrade(bare, sandbox)
    for name in ("forgelink", "next"):
        os.remove(f"{bare.path}/opt/{name}.deb")
    bare.run("apt-get", "-q", "-y", "remove", "forgelink")
    left = bare.traces() - before
    assert not left, left
    registry = f"{bare.path}/home/{USER}/.local/share/forgelink/connections.db"
    assert os.path.exists(registry), "the user's own data stays"


def with_bare_root(suite, work, log=None):
    """Calls work(bare, sandbox) with a new system and the sandbox forges; removes both
    afterwards."""
    folder = tempfile.mkdtemp(prefix="fl-bare-", dir="/opt")
    sandbox = Sandbox("--tls", os.path.join(folder, "tls"))
    bare = None
    try:
        print(f"A bare Debian, {suite} ...", flush=True)
        bare = BareRoot(folder, suite, log=log)
        return work(bare, sandbox)
    finally:
        if bare:
            bare.close()
        sandbox.close()
        shutil.rmtree(folder)
