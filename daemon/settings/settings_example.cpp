// SPDX-License-Identifier: MIT
#include "daemon/settings/settings_example.hpp"

namespace forgelink {

const char* const settings_example = R"([daemon]
# How much is told to the journal, or else to standard error:
# "trace", "debug", "info", "warn" or "error".
log_level = "info"
# With a socket that systemd holds: leave after so long without clients
# (500ms, 30s, 10min, 2h, 1d); "0s" is never.
idle_exit = "0s"

[secrets]
# Where tokens are kept. "auto": in the Secret Service if the session has
# one, else in locked memory, which ends with the daemon. "secret-service",
# "memory": there and nowhere else.
store = "auto"
# How long a token that was read stays in locked memory, so that git need
# not wait for the Secret Service; "0s": it is read each time.
cache = "10min"

[session]
# What becomes of the tokens of new connections at the end of the login
# session: "keep", or "session", which ends them.
retention = "keep"
# Lock when the screen is locked, unlock with it (logind's Lock and Unlock).
lock_with_screen = false

[access]
# How long the access log is kept: which program used which connection, and
# for what. "0": nothing is written.
log = "90d"

[tokens]
# "auto": a personal token that can renew itself (GitLab's, with the scope
# self_rotate) is renewed before its end. Copies of it elsewhere stop
# working then. "never": only by forgelink renew.
renew = "never"
# So long before its end.
renew_before = "7d"

[notifications]
# Desktop notifications of tokens that end soon or were refused.
enabled = true
# So many days before a token ends.
expiry_days = [14, 7, 1]

[network]
# As "http://proxy.example:3128", with user:password@ before the host where
# the proxy wants it; "": what HTTPS_PROXY and NO_PROXY say. Read as curl does;
# SOCKS is not supported. What is for this machine itself is never proxied.
proxy = ""
# A file of certificate authorities (PEM) to trust beside the system's.
ca_file = ""
# For one whole request to a forge.
timeout = "30s"

# For a self-hosted server that wants a client certificate; as often as
# there are such servers.
# [[network.client_certificate]]
# server = "https://git.example"
# certificate = "/home/me/certificate.pem"
# key = "/home/me/key.pem"

# Manage the OAuth apps for sign-ins. `forgelink oauth-app set TYPE` stores
# one for good, before these, and its secret, which has no place here.
[oauth.github]
client_id = ""

[oauth.gitlab]
client_id = ""

[oauth.bitbucket]
client_id = ""
# The port in the callback that was registered; 0: whichever is free.
redirect_port = 0

[oauth.azure-devops]
client_id = ""
# The Microsoft Entra tenant that signs people in: its id or a domain.
tenant = "organizations"

# For every server of Forgejo or Gitea that has no app of its own below.
[oauth.forgejo]
client_id = ""

# An app on a self-hosted server; as often as there are such servers.
# [[oauth.server]]
# url = "https://git.example"
# client_id = "0123abcd"

# Where the cloud forges are; for mirrors and tests.
[endpoints.github]
web = "https://github.com"
api = "https://api.github.com"

[endpoints.gitlab]
root = "https://gitlab.com"

[endpoints.bitbucket]
web = "https://bitbucket.org"
api = "https://api.bitbucket.org/2.0"

[endpoints.azure-devops]
root = "https://dev.azure.com"
profile = "https://app.vssps.visualstudio.com"
login = "https://login.microsoftonline.com"
)";

}  // namespace forgelink
