# SPDX-License-Identifier: MIT
"""The administrator's policy, tried in a mount namespace with an /etc of the daemon's own."""
import os
import subprocess

import pytest
from support.daemon import Daemon, RpcError
from support.keyring import wait_until
from support.sandbox import good, tokens

CONTACT = 'contact = "Ask the help desk."\n'
# A tmpfs over /etc that takes nothing of it away, with the policy in it; then the daemon.
CONFINE = """
set -e
policy=$1 mode=$2 scratch=$(mktemp -d)
shift 2
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/upper" "$scratch/work"
mount -t overlay overlay -o "lowerdir=/etc,upperdir=$scratch/upper,workdir=$scratch/work" /etc
if [ -n "$policy" ]; then
  mkdir -p -m 755 /etc/forgelink
  cp "$policy" /etc/forgelink/policy.toml
  chmod "$mode" /etc/forgelink/policy.toml
fi
exec "$@"
"""


class ConfinedDaemon(Daemon):
    policy, mode = "", "644"

    def command(self):
        words = ["unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c", CONFINE, "sh"]
        place = ""
        if self.policy:
            place = os.path.join(self.environment["HOME"], "policy.toml")
            with open(place, "w") as out:
                out.write(self.policy)
        return [*words, place, self.mode, os.path.join(self.bin, "forgelinkd")]

    def start(self):
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=self.environment, stdout=log, stderr=log
            )
        wait_until(self.answers, 20, 0.02)

    def refusal(self):
        """What it says when it does not start."""
        done = subprocess.run(
            self.command(), env=self.environment, capture_output=True, text=True, timeout=20
        )
        assert done.returncode != 0
        return done.stderr


@pytest.fixture
def confined(bus, sandbox):
    daemon = ConfinedDaemon(bus.environment, sandbox.settings, start=False)
    yield daemon
    daemon.stop()


def begin(daemon, policy, **more):
    daemon.policy = policy
    for name, value in more.items():
        setattr(daemon, name, value)
    daemon.start()
    daemon.wait_store()


def again(daemon, policy):
    daemon.stop()
    begin(daemon, policy)


def refused(daemon, method, /, **params):
    with pytest.raises(RpcError) as error:
        daemon.call(method, **params)
    return error.value.data


def host_of(sandbox, kind):
    return sandbox.urls[kind].split("://")[1]


def test_without_a_policy_nothing_is_said(confined):
    begin(confined, "")
    assert confined.call("daemon.status")["policy"] is None
    assert all(one["policy_forbids"] is None for one in confined.call("type.list")["types"])


def test_status_and_types_show_it(confined):
    begin(confined, CONTACT + 'allowed_types = ["gitlab"]\nlongest_lifetime = "90d"\n')
    policy = confined.call("daemon.status")["policy"]
    assert policy["file"] == "/etc/forgelink/policy.toml"
    assert policy["contact"] == "Ask the help desk." and policy["allowed_types"] == ["gitlab"]
    assert policy["longest_lifetime"] == 90 * 86400
    types = {one["id"]: one["policy_forbids"] for one in confined.call("type.list")["types"]}
    assert types["gitlab"] is None and types["github"]
    assert "Ask the help desk." in confined.cli("status", check=0).stdout


def test_a_type_that_is_not_allowed_is_refused_with_the_contact(confined, sandbox):
    begin(confined, CONTACT + 'allowed_types = ["gitlab"]\n')
    data = refused(confined, "connection.add", name="Work", **good(sandbox, "github"))
    assert data["kind"] == "policy_forbids" and data["contact"] == "Ask the help desk."
    assert sandbox.log("github") == []
    data = refused(confined, "sign_in.start", add={"name": "Work"}, method="device")
    assert data["kind"] == "policy_forbids"


def test_only_allowed_hosts_are_connected_to(confined, sandbox):
    begin(confined, f'allowed_hosts = ["{host_of(sandbox, "gitlab-self-managed")}"]\n')
    data = refused(confined, "connection.add", name="Work", **good(sandbox, "github"))
    assert data["kind"] == "policy_forbids"
    confined.call("connection.add", name="Lab", **good(sandbox, "gitlab-self-managed"))


@pytest.mark.parametrize(
    "kind, token, allowed",
    [
        ("github", "expiring", True),  # ends on 2027-02-01
        ("github", "good", False),  # is known to have no end
    ],
)
def test_an_end_counts_where_the_forge_tells(confined, sandbox, kind, token, allowed):
    begin(confined, 'longest_lifetime = "3650d"\n')
    params = {"type": kind, "token": tokens.first(tokens.GITHUB, token)}
    if allowed:
        confined.call("connection.add", name="Work", **params)
    else:
        data = refused(confined, "connection.add", name="Work", **params)
        assert data["kind"] == "policy_forbids"


def test_a_token_that_lives_too_long_is_refused(confined, sandbox):
    begin(confined, 'longest_lifetime = "1d"\n')
    token = tokens.first(tokens.GITHUB, "expiring")
    data = refused(confined, "connection.add", name="Work", type="github", token=token)
    assert data["kind"] == "policy_forbids"
    assert confined.call("connection.list")["connections"] == []


def test_where_the_forge_does_not_tell_the_end_must_be_given(confined, sandbox):
    begin(confined, 'longest_lifetime = "3650d"\n')
    params = good(sandbox, "bitbucket")
    data = refused(confined, "connection.add", name="Work", **params)
    assert data["kind"] == "policy_forbids"
    confined.call("connection.add", name="Work", **params, expires_at="2027-06-01")


def test_without_tokens_one_that_is_there_already_still_serves_git(confined, sandbox):
    begin(confined, "")
    confined.call("connection.add", name="Work", **good(sandbox, "github"))
    again(confined, CONTACT + "pat = false\n")
    shown = confined.call("connection.get", connection="Work")["connection"]
    assert "personal access token" in shown["policy_forbids"]
    data = refused(confined, "connection.add", name="More", **good(sandbox, "github"))
    assert data["kind"] == "policy_forbids"
    answer = confined.call("credential.get", protocol="http", host=host_of(sandbox, "github"))
    assert answer["password"] == tokens.first(tokens.GITHUB, "good")


def test_what_is_there_already_is_flagged_and_not_used(confined, sandbox):
    begin(confined, "")
    confined.call("connection.add", name="Work", **good(sandbox, "github"))
    again(confined, CONTACT + 'allowed_types = ["gitlab"]\n')
    sandbox.clear()
    shown = confined.call("connection.get", connection="Work")["connection"]
    assert shown["policy_forbids"] and shown["token"]["state"] == "valid"
    for method, more in (
        ("connection.verify", {}),
        ("repository.list", {}),
        ("commit.list", {"repository": "octo-dev/hello"}),
    ):
        data = refused(confined, method, connection="Work", **more)
        assert data["kind"] == "policy_forbids", method
    answer = confined.call("credential.get", protocol="http", host=host_of(sandbox, "github"))
    assert answer.get("password") is None and "Ask the help desk." in answer["message"]
    assert sandbox.log("github") == []
    assert "Ask the help desk." in confined.cli("doctor").stdout
    confined.call("connection.update", connection="Work", name="Renamed")
    confined.call("token.purge", scope="connection", connection="Renamed")
    confined.call("connection.remove", connection="Renamed")


def test_every_token_ends_with_the_session_where_the_policy_says_so(confined, sandbox):
    begin(confined, 'retention = "session"\n')
    added = confined.call("connection.add", name="Work", **good(sandbox, "github"))["connection"]
    assert added["retention"] == "session"
    data = refused(confined, "connection.update", connection="Work", retention="keep")
    assert data["kind"] == "policy_forbids"


@pytest.mark.parametrize(
    "policy, mode, said",
    [
        ("pat = false\nalowed_hosts = []\n", "644", "policy.toml:2: `alowed_hosts`"),
        ("pat = false\n", "646", "can write it"),
        ("pat = maybe\n", "644", "policy.toml:1:"),
    ],
)
def test_a_wrong_policy_stops_the_start(confined, policy, mode, said):
    confined.policy, confined.mode = policy, mode
    assert said in confined.refusal()


def test_asking_that_the_policy_requires_is_shown_and_cannot_be_turned_off(confined, sandbox):
    begin(confined, 'access = "ask"\n')
    made = confined.call("connection.add", name="Work", **good(sandbox, "github"))["connection"]
    assert made["access"] == "ask"
    for method, params in (
        ("connection.update", {"connection": "Work", "access": "allow"}),
        ("connection.add", {"name": "More", "access": "allow", **good(sandbox, "gitlab")}),
        ("sign_in.start", {"method": "browser", "add": {"name": "X", "access": "allow"}}),
    ):
        assert refused(confined, method, **params)["kind"] == "policy_forbids"
