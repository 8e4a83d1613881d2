# SPDX-License-Identifier: MIT
"""Authorization servers, each as strict as its forge: Doorkeeper (GitLab), Bitbucket, Entra,
Forgejo.

A site that signs people in inherits from one of them. What a test sets on the site:
  signs_in (who authorizes), granted (scopes instead of those asked for), lifetime, interval (of a
  device code), refuses ({"error", "description"}: the answer
  to the next decision), iss (put into redirects), gives_refresh (False: no refresh token),
  callback (what is registered), refreshes (how many there were).
"""
import base64
import hashlib
import html
import re
import secrets
import threading
import time
import urllib.parse

from tokens import Token
from web import Answer

CODE_LIFE = 600


def challenge_of(verifier):
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )


class Refused(Answer):
    """An error of the token endpoint (RFC 6749 section 5.2)."""

    def __init__(self, error, description="", status=400, **more):
        super().__init__(
            status,
            {"error": error, "error_description": description, **more},
            {"Cache-Control": "no-store"},
        )


class AuthorizationServer:
    CLIENT_ID, CLIENT_SECRET, SCOPES = "sandbox-public-client", None, ()
    label = "OAuth"
    authorize_path = token_path = device_path = None
    signs_in, granted, lifetime, interval, refreshes = "octo-dev", None, 7200, 1, 0
    refuses, iss, gives_refresh = None, None, True
    callback = "http://127.0.0.1/callback"
    single_use_refresh = True

    def start_oauth(self):
        self.codes, self.devices, self.pairs, self.issued = {}, {}, {}, []
        self.oauth_lock = threading.Lock()

    def oauth(self, request, path):
        """Answers what is the server's own; returns for the rest."""
        if path == self.authorize_path:
            self.authorize(request)
        if path == self.token_path and request.method == "POST":
            with self.oauth_lock:
                self.token(request)
        if path == self.device_path and request.method == "POST":
            self.device_authorization(request)

    # --- the browser's side

    def show_page(self, status, title, body=""):
        raise Answer(
            status, f"<!doctype html><title>{title}</title><h1>{title}</h1>{body}", kind="text/html"
        )

    def fits_callback(self, asked):
        """Any port on a loopback literal, the same path (Doorkeeper, RFC 8252)."""
        return re.fullmatch(r"http://127\.0\.0\.1:\d+/callback", asked) is not None

    def check_authorize(self, request, asked):
        """Refuses on a page of its own: nothing goes to an address that was not registered."""
        if asked.get("client_id") != self.CLIENT_ID:
            self.show_page(401, "Client authentication failed due to unknown client.")
        if not self.fits_callback(asked.get("redirect_uri", "")):
            self.show_page(400, "The redirect URI included is not valid.")

    def send_back(self, asked, **answer):
        answer["state"] = asked.get("state", "")
        if self.iss:
            answer["iss"] = self.iss
        raise Answer(
            302, b"", {"Location": asked["redirect_uri"] + "?" + urllib.parse.urlencode(answer)}
        )

    def wants_pkce(self):
        return True

    def scopes_asked(self, asked):
        return asked.get("scope", "").split()

    def fits_scopes(self, scopes):
        return bool(scopes) and set(scopes) <= set(self.SCOPES)

    def authorize(self, request):
        asked = request.query
        self.check_authorize(request, asked)
        if asked.get("response_type") != "code":
            self.send_back(
                asked, error="unsupported_response_type", error_description="no such response type"
            )
        if len(asked.get("state", "")) < 43:
            self.show_page(400, "The state is too short to be one.")
        good_challenge = (
            asked.get("code_challenge_method") == "S256"
            and len(asked.get("code_challenge", "")) == 43
        )
        if self.wants_pkce() and not good_challenge:
            self.send_back(
                asked, error="invalid_request", error_description="Code challenge is required."
            )
        if not self.fits_scopes(self.scopes_asked(asked)):
            self.send_back(
                asked,
                error="invalid_scope",
                error_description="The requested scope is invalid, unknown, or malformed.",
            )
        decision = asked.get("decision")
        if decision is None:
            fields = "".join(
                f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
                for name, value in asked.items()
            )
            self.show_page(
                200,
                f"{self.label}: authorize Forgelink?",
                (
                    f'<form method="get">{fields}<button id="yes" name="decision"'
                    ' value="yes">Authorize</button> <button id="no" name="decision"'
                    ' value="no">Deny</button></form>'
                ),
            )
        if self.refuses:
            refused, self.refuses = self.refuses, None
            self.send_back(
                asked, error=refused["error"], error_description=refused.get("description", "")
            )
        if decision != "yes":
            self.send_back(asked, error="access_denied", error_description=self.denied_text())
        code = secrets.token_hex(32)
        self.codes[code] = {**asked, "at": time.time()}
        self.send_back(asked, code=code)

    def denied_text(self):
        return "The resource owner or authorization server denied the request."

    # --- the token endpoint

    def client(self, request):
        """Who asks: by the form or by Basic."""
        form = request.form
        scheme, user, password = request.authorization()
        client, secret = (
            (user, password)
            if scheme == "basic"
            else (form.get("client_id"), form.get("client_secret"))
        )
        if client != self.CLIENT_ID or (
            self.CLIENT_SECRET is not None and secret != self.CLIENT_SECRET
        ):
            raise Refused(
                "invalid_client", "Client authentication failed due to unknown client.", 401
            )
        return form

    def token(self, request):
        form = self.client(request)
        grant = form.get("grant_type")
        if grant == "authorization_code":
            return self.exchange(form)
        if grant == "refresh_token":
            return self.renew(form)
        if grant == "urn:ietf:params:oauth:grant-type:device_code" and self.device_path:
            return self.poll(form)
        raise Refused("unsupported_grant_type", "The authorization grant type is not supported.")

    def spent(self, what):
        raise Refused(
            "invalid_grant",
            (
                "The provided authorization grant is invalid, expired, revoked, or was issued to"
                " another client."
            ),
        )

    def exchange(self, form):
        code = self.codes.pop(form.get("code"), None)
        if (
            code is None
            or time.time() - code["at"] > CODE_LIFE
            or code["redirect_uri"] != form.get("redirect_uri")
        ):
            self.spent("code")
        if (
            self.wants_pkce()
            and challenge_of(form.get("code_verifier", "")) != code["code_challenge"]
        ):
            self.spent("verifier")
        raise Answer(200, self.issue(self.scopes_asked(code)), {"Cache-Control": "no-store"})

    def renew(self, form):
        self.refreshes += 1
        pair = self.pairs.get(form.get("refresh_token"))
        if pair is None:
            self.spent("refresh")
        if self.single_use_refresh:
            del self.pairs[form["refresh_token"]]
            self.tokens[pair["access"]].state = "refused"  # the old pair dies at once
        raise Answer(
            200, self.issue(pair["scopes"], pair["account"]), {"Cache-Control": "no-store"}
        )

    def new_token(self):
        return secrets.token_hex(32)

    def issue(self, scopes, account=None):
        granted = self.granted if self.granted is not None else list(scopes)
        account = account or self.signs_in
        access = self.new_token()
        self.tokens[access] = Token("oauth", account=account, scopes=self.scopes_given(granted))
        self.issued.append(access)
        answer = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.lifetime,
            "scope": " ".join(self.scopes_given(granted)),
            "created_at": int(time.time()),
        }
        if self.gives_refresh:
            refresh = self.new_token()
            self.pairs[refresh] = {"access": access, "scopes": list(scopes), "account": account}
            self.issued.append(refresh)
            answer["refresh_token"] = refresh
        return answer

    def scopes_given(self, scopes):
        return list(scopes)

    # --- device codes

    user_code, device_life = "0A44L90H", 300

    def device_answer(self, request, device):
        page = f"{request.base}/oauth/device"
        return {
            "device_code": device,
            "user_code": self.user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={self.user_code}",
            "expires_in": self.device_life,
            "interval": self.interval,
        }

    def device_authorization(self, request):
        if request.form.get("client_id") != self.CLIENT_ID:
            raise Refused(
                "invalid_client", "Client authentication failed due to unknown client.", 401
            )
        scopes = self.scopes_asked(request.form)
        if not self.fits_scopes(scopes):
            raise Refused("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
        device = secrets.token_urlsafe(32)
        self.devices[device] = {
            "scopes": scopes,
            "state": "pending",
            "interval": self.interval,
            "last": 0,
        }
        raise Answer(200, self.device_answer(request, device))

    def poll(self, form):
        device = self.devices.get(form.get("device_code"))
        if device is None:
            self.spent("device")
        now = time.time()
        if now - device["last"] < device["interval"]:
            device["interval"] += 5
            raise Refused(
                "slow_down",
                (
                    "The authorization request is still pending but polling interval should be"
                    " increased."
                ),
            )
        device["last"] = now
        if device["state"] == "pending":
            raise Refused("authorization_pending", "The authorization request is still pending.")
        if device["state"] == "denied":
            raise Refused(
                self.device_denied, "The resource owner or authorization server denied the request."
            )
        if device["state"] == "expired":
            raise Refused("expired_token", "The device_code has expired.")
        del self.devices[form["device_code"]]
        raise Answer(200, self.issue(device["scopes"]))

    device_denied = "access_denied"


class Doorkeeper(AuthorizationServer):
    """GitLab: public app, PKCE S256, pairs of which both halves die at renewal, revocation by
    client id."""

    CLIENT_ID = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
    SCOPES = ("read_api", "write_repository", "read_user")
    label = "GitLab"
    authorize_path, token_path, device_path = (
        "/oauth/authorize",
        "/oauth/token",
        "/oauth/authorize_device",
    )

    def oauth(self, request, path):
        super().oauth(request, path)
        if path == "/oauth/revoke" and request.method == "POST":
            self.revoke(request)
        if path == "/oauth/token/info":
            self.token_info(request)

    def device_answer(self, request, device):
        answer = super().device_answer(request, device)
        page = f"{request.base}{self.prefix}/oauth/device"
        return {
            **answer,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={self.user_code}",
        }

    def revoke(self, request):
        if request.form.get("client_id") != self.CLIENT_ID:
            raise Refused("unauthorized_client", "You are not authorized to revoke this token", 403)
        text = request.form.get("token")
        for refresh, pair in list(self.pairs.items()):
            if text in (refresh, pair["access"]):
                del self.pairs[refresh]
                text = pair["access"]
        if text in self.tokens and self.tokens[text].name == "oauth":
            self.tokens[text].state = "refused"
        raise Answer(200, {})

    def token_info(self, request):
        scheme, _, text = request.authorization()
        token = self.tokens.get(text) if scheme == "bearer" else None
        if token is None or token.state != "good":
            raise Refused("invalid_request", "The access token is invalid")
        raise Answer(
            200,
            {
                "resource_owner_id": 7,
                "scope": token.scopes,
                "expires_in": self.lifetime,
                "application": {"uid": self.CLIENT_ID},
                "created_at": int(time.time()),
            },
        )


class BitbucketOAuth(AuthorizationServer):
    """Key and secret always, no PKCE, the consumer's scopes, the registered callback as a
    prefix."""

    CLIENT_ID, CLIENT_SECRET = "bitbucketkey0123456", "bitbucket-secret-0123456789abcdef"
    SCOPES = ("account", "repository", "repository:write")
    label = "Bitbucket"
    authorize_path, token_path = "/site/oauth2/authorize", "/site/oauth2/access_token"
    callback = "http://127.0.0.1"

    def fits_callback(self, asked):
        return asked.startswith(self.callback)

    def wants_pkce(self):
        return False

    def scopes_asked(self, asked):
        return list(self.SCOPES)  # whatever was asked for

    def issue(self, scopes, account=None):
        answer = super().issue(scopes, account)
        answer["scopes"] = answer.pop("scope")
        answer["token_type"] = "bearer"
        return {**answer, "state": "authorization_code"}

    def new_token(self):
        return secrets.token_urlsafe(60) + "="

    def denied_text(self):
        return "The resource owner denied the request"


class Entra(AuthorizationServer):
    """Below /{tenant}/oauth2/v2.0: public client, the name localhost at the root path, renewal
    that leaves the old one good."""

    CLIENT_ID, TENANT = (
        "11111111-aaaa-4bbb-8ccc-222222222222",
        "33333333-dddd-4eee-8fff-444444444444",
    )
    RESOURCE = "499b84ac-1321-427f-aa17-267ca6975798/"
    label = "Microsoft"
    single_use_refresh, lifetime, device_life, user_code = False, 3599, 900, "CSRTKPQ7X"
    device_denied = "authorization_declined"
    authorize_path, token_path, device_path = "authorize", "token", "devicecode"

    def oauth(self, request, path):
        found = re.fullmatch(r"/([^/]+)/oauth2/v2\.0/(authorize|token|devicecode)", path)
        if not found:
            return
        if found[1] not in ("organizations", "common", self.TENANT, "contoso.example"):
            self.problem(
                request,
                found[2],
                "AADSTS90002",
                f"Tenant '{found[1]}' not found.",
                "invalid_tenant",
            )
        super().oauth(request, found[2])

    def problem(self, request, where, code, text, error):
        if where == "authorize":
            sorry = "Sorry, but we are having trouble signing you in."
            self.show_page(400, sorry, f"{code}: {text}")
        raise Refused(error, self.told(f"{code}: {text}"), error_codes=[int(code[6:])])

    @staticmethod
    def told(text):
        return (
            text
            + " Trace ID: 00000000-trace-0000 Correlation ID: 00000000-correlation-0000 Timestamp:"
            " 2026-11-26 00:00:00Z"
        )

    def fits_callback(self, asked):
        """Registered is http://localhost: any port, but that name, and the root path, which no
        path means too."""
        return re.fullmatch(r"http://localhost:\d+/?", asked) is not None

    def check_authorize(self, request, asked):
        if asked.get("client_id") != self.CLIENT_ID:
            self.problem(
                request,
                "authorize",
                "AADSTS700016",
                "Application was not found in the directory.",
                "unauthorized_client",
            )
        if not self.fits_callback(asked.get("redirect_uri", "")):
            self.problem(
                request,
                "authorize",
                "AADSTS50011",
                "The redirect URI specified in the request does not match.",
                "invalid_request",
            )

    def fits_scopes(self, scopes):
        return self.RESOURCE + ".default" in scopes

    def send_back(self, asked, **answer):
        if "error_description" in answer:
            answer["error_description"] = self.told(answer["error_description"])
        super().send_back(asked, **answer)

    def denied_text(self):
        return "AADSTS65004: User declined to consent to access the app."

    def client(self, request):
        form = request.form
        if form.get("client_id") != self.CLIENT_ID:
            raise Refused(
                "unauthorized_client",
                self.told("AADSTS700016: Application was not found in the directory."),
                error_codes=[700016],
            )
        if "client_secret" in form:
            raise Refused(
                "invalid_client",
                self.told(
                    "AADSTS700025: Client is public so neither 'client_assertion' nor"
                    " 'client_secret' should be presented."
                ),
                401,
            )
        if self.refuses_token:
            refused, self.refuses_token = self.refuses_token, None
            raise Refused(
                refused["error"],
                self.told(refused["description"]),
                suberror=refused.get("suberror", ""),
            )
        return form

    refuses_token = None

    def spent(self, what):
        if what == "device":
            raise Refused(
                "bad_verification_code",
                self.told("AADSTS70043: the device_code is not recognised."),
            )
        raise Refused(
            "invalid_grant",
            self.told("AADSTS70008: The provided authorization code or refresh token has expired."),
            error_codes=[70008],
        )

    def device_answer(self, request, device):
        return {
            "device_code": device,
            "user_code": self.user_code,
            "verification_uri": f"{request.base}/devicelogin",
            "expires_in": self.device_life,
            "interval": self.interval,
            "message": "To sign in, use a web browser.",
        }

    def scopes_given(self, scopes):
        return [self.RESOURCE + "user_impersonation", self.RESOURCE + ".default"]

    def new_token(self):
        return "eyJ0eXAiOiJKV1Qi." + secrets.token_urlsafe(90) + "." + secrets.token_urlsafe(40)


class ForgejoOAuth(AuthorizationServer):
    """Public client, PKCE demanded, no scopes; a bad code or a spent refresh token is
    unauthorized_client."""

    CLIENT_ID = "55555555-eeee-4fff-8aaa-666666666666"
    label = "Forgejo"
    authorize_path, token_path = "/login/oauth/authorize", "/login/oauth/access_token"
    lifetime = 3600
    callback = "http://127.0.0.1"

    def fits_callback(self, asked):
        return re.fullmatch(r"http://127\.0\.0\.1:\d+/?", asked.lower()) is not None

    def fits_scopes(self, scopes):
        return True

    def scopes_given(self, scopes):
        return ["write:user", "write:repository"]  # everything, whatever was asked for

    def issue(self, scopes, account=None):
        answer = super().issue(scopes, account)
        answer.pop("scope"), answer.pop("created_at")
        return {**answer, "token_type": "bearer"}

    def client(self, request):
        if request.form.get("client_id") != self.CLIENT_ID:
            raise Refused("invalid_client", "cannot load client with client id")
        return request.form

    def spent(self, what):
        raise Refused(
            "unauthorized_client",
            "client is not authorized" if what != "refresh" else "token was already used",
        )

    def new_token(self):
        return "eyJhbGciOiJSUzI1NiIs." + secrets.token_urlsafe(60) + "." + secrets.token_urlsafe(40)
