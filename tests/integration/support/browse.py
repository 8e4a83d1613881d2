# SPDX-License-Identifier: MIT
"""What a browser does in a sign-in, without one: open an address, say yes to the forge, follow its
redirect."""
import urllib.error
import urllib.request


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def browse(url, follow=False):
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), *([] if follow else [NoRedirect()])
    )
    try:
        with opener.open(url, timeout=10) as reply:
            return reply.status, reply.headers, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def redirect_of(started, decision="yes"):
    status, headers, _ = browse(started["authorize_url"] + "&decision=" + decision)
    assert status == 302
    return headers["Location"]
