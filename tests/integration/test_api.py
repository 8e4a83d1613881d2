# SPDX-License-Identifier: MIT
"""forge.request and `forgelink api`: the forge's own API, and nothing but it; the token stays in
the daemon."""
import base64
import json

import pytest
from support.daemon import RpcError
from support.sandbox import TYPES, good, tokens


@pytest.fixture
def work(daemon, sandbox):
    daemon.call("connection.add", name="Work", **good(sandbox, "github"))
    sandbox.clear()
    return daemon


def request(daemon, path, **more):
    return daemon.call("forge.request", connection="Work", path=path, **more)


def spellings(sandbox):
    token = good(sandbox, "github")["token"]
    return [token, base64.b64encode(b"x:" + token.encode()).decode()[8:24]]


def test_reading_gives_status_headers_and_body(work):
    reply = request(work, "/user", method="GET")
    assert reply["status"] == 200 and json.loads(reply["body"])["login"] == "octo-dev"
    assert reply["headers"]["content-type"].startswith("application/json")


def test_whatever_the_forge_answers_is_an_answer(work):
    assert request(work, "/nowhere")["status"] == 404


@pytest.mark.parametrize("kind", TYPES)
def test_every_type_has_an_api(daemon, sandbox, kind):
    daemon.call("connection.add", name="Work", **good(sandbox, kind))
    sandbox.clear()
    assert request(daemon, "/user")["status"] in (200, 401, 404)
    asked = [one for one in sandbox.log(kind) if one["path"].endswith("/user")]
    assert asked and all(one["token"] == "good" for one in asked)


def test_query_and_headers_go_with_it(work):
    reply = json.loads(
        request(
            work,
            "/try/echo?a=1",
            query={"b": ["x y", 2]},
            headers={"X-Mine": "yes", "Accept": "text/plain"},
        )["body"]
    )
    assert reply["query"] == "a=1&b=x%20y&b=2"
    assert reply["headers"]["X-Mine"] == "yes" and reply["headers"]["Accept"] == "text/plain"


def test_another_method_needs_a_yes(work, sandbox):
    with pytest.raises(RpcError) as refused:
        request(work, "/try/echo", method="POST", body="{}")
    assert (refused.value.kind, refused.value.data["field"]) == ("invalid_params", "write")
    assert sandbox.log("github") == []
    reply = json.loads(
        request(work, "/try/echo", method="PATCH", body='{"a": 1}', write=True)["body"]
    )
    assert (reply["method"], reply["body"]) == ("PATCH", '{"a": 1}')


@pytest.mark.parametrize(
    "path",
    [
        "/../x",
        "/a/%2e%2e/b",
        "/a%2f..%2fb",
        "//elsewhere/x",
        "https://elsewhere.example/",
        "/%252e%252e/x",
        "/a\\b",
        "/a b",
        "/a\r\nX: y",
        "/..;/x",
        "/a//b",
        "/a#b",
    ],
)
def test_a_path_that_leaves_the_root_is_invalid_and_nothing_is_sent(work, sandbox, path):
    with pytest.raises(RpcError) as refused:
        request(work, path)
    assert (refused.value.kind, refused.value.data["field"]) == ("invalid_params", "path")
    assert sandbox.log("github") == []


@pytest.mark.parametrize(
    "name, value",
    [
        ("Authorization", "Bearer x"),
        ("authorization", "x"),
        ("Host", "elsewhere.example"),
        ("User-Agent", "x"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Cookie", "a=b"),
        ("Content-Length", "1"),
        ("Transfer-Encoding", "chunked"),
        ("X-A", "b\r\nAuthorization: c"),
        ("X-A\r\nB", "c"),
        ("", "x"),
    ],
)
def test_headers_of_ours_cannot_be_replaced(work, sandbox, name, value):
    with pytest.raises(RpcError) as refused:
        request(work, "/user", headers={name: value})
    assert (refused.value.kind, refused.value.data["field"]) == ("invalid_params", "headers")
    assert sandbox.log("github") == []


@pytest.mark.parametrize("method", ["get", "TRACE", "CONNECT", "G ET", "", "GET\r\nX: y"])
def test_what_is_no_method_is_invalid(work, method):
    with pytest.raises(RpcError) as refused:
        request(work, "/user", method=method, write=True)
    assert (refused.value.kind, refused.value.data["field"]) == ("invalid_params", "method")


def test_a_redirect_within_the_root_is_followed(work):
    reply = request(work, "/try/moved")
    assert reply["status"] == 200 and "moved=1" in reply["body"]


def test_a_redirect_out_of_the_root_is_not(work, sandbox):
    assert request(work, "/try/leaves")["status"] == 302
    assert [one["path"] for one in sandbox.log("github")] == ["/api/try/leaves"]


def test_a_redirect_elsewhere_is_not(work, sandbox):
    assert (
        request(work, "/try/elsewhere", query={"to": sandbox.urls["elsewhere"] + "/x"})["status"]
        == 302
    )
    assert sandbox.log("elsewhere") == []


def test_the_token_is_masked_in_what_a_careless_forge_repeats(work, sandbox):
    reply = json.dumps(request(work, "/try/echo"))
    assert not [one for one in spellings(sandbox) if one in reply]
    assert "Authorization" in reply


def test_what_is_no_text_comes_in_base64(work):
    reply = request(work, "/try/binary")
    assert reply["body"] is None and base64.b64decode(reply["body_base64"]) == bytes(range(256))


def test_sixteen_megabytes_are_enough_and_more_is_an_error(work):
    assert len(request(work, "/try/large", query={"size": 16 << 20})["body"]) == 16 << 20
    with pytest.raises(RpcError) as refused:
        request(work, "/try/large", query={"size": (16 << 20) + 1})
    assert refused.value.kind == "forge_error"


def test_a_request_is_logged(work):
    request(work, "/user")
    entry = work.call("access.list")["entries"][0]
    assert (entry["action"], entry["path"], entry["outcome"]) == ("api", "GET /user", "given")


# --- forgelink api


def test_api_prints_the_body_and_exits_0(work):
    assert json.loads(work.cli("api", "Work", "user", check=0).stdout)["login"] == "octo-dev"


def test_api_prints_what_went_wrong_and_exits_1(work):
    done = work.cli("api", "Work", "nowhere", check=1)
    assert json.loads(done.stdout)["message"] == "Not Found" and "(HTTP 404)" in done.stderr


def test_fields_without_a_method_are_a_post_of_json(work):
    sent = json.loads(
        work.cli(
            "api", "Work", "try/echo", "-f", "a=1", "-F", "b=2", "-F", "c[d]=true", check=0
        ).stdout
    )
    assert sent["method"] == "POST" and json.loads(sent["body"]) == {
        "a": "1",
        "b": 2,
        "c": {"d": True},
    }
    assert sent["headers"]["Content-Type"] == "application/json"


def test_fields_of_a_get_are_its_query(work):
    sent = json.loads(
        work.cli("api", "Work", "try/echo", "-X", "GET", "-f", "a=x y", check=0).stdout
    )
    assert (sent["method"], sent["query"]) == ("GET", "a=x%20y")


def test_input_is_the_body_from_a_file_or_standard_input(work, folder):
    with open(folder + "/body", "w") as out:
        out.write('{"from": "file"}')
    sent = json.loads(
        work.cli("api", "Work", "try/echo", "--input", folder + "/body", check=0).stdout
    )
    assert (sent["method"], sent["body"]) == ("POST", '{"from": "file"}')
    sent = json.loads(
        work.cli(
            "api", "Work", "try/echo", "-X", "PUT", "--input", "-", stdin='{"x":1}', check=0
        ).stdout
    )
    assert (sent["method"], sent["body"]) == ("PUT", '{"x":1}')


def test_a_header_is_sent_and_one_of_ours_refused(work):
    sent = json.loads(work.cli("api", "Work", "try/echo", "-H", "X-Mine: yes", check=0).stdout)
    assert sent["headers"]["X-Mine"] == "yes"
    assert work.cli("api", "Work", "user", "-H", "Authorization: x").returncode == 1


def test_paginate_joins_the_pages_of_a_list(work):
    assert json.loads(work.cli("api", "Work", "try/numbers", "--paginate", check=0).stdout) == [
        10,
        11,
        20,
        21,
        30,
        31,
    ]


def test_without_paginate_one_page_is_all(work):
    assert json.loads(work.cli("api", "Work", "try/numbers", check=0).stdout) == [10, 11]


def test_paginate_walks_the_real_list_of_repositories(work):
    listed = json.loads(
        work.cli("api", "Work", "user/repos?per_page=2", "--paginate", check=0).stdout
    )
    assert len(listed) > 2


def test_include_prints_status_and_headers_first(work):
    shown = work.cli("api", "Work", "user", "--include", check=0).stdout
    assert (
        shown.startswith("HTTP/1.1 200")
        and "content-type: application/json" in shown.split("\n\n")[0]
    )


def test_graphql_takes_a_query_and_variables(work):
    answer = work.cli("api", "Work", "graphql", "-f", "query={ viewer { login } }", check=0).stdout
    assert json.loads(answer)["data"]["viewer"]["login"] == "octo-dev"


def test_errors_of_graphql_exit_1(work):
    assert work.cli("api", "Work", "graphql", "-f", "query={ nonsense }").returncode == 1


def test_graphql_pages_by_its_cursor(work):
    shown = work.cli(
        "api",
        "Work",
        "graphql",
        "--paginate",
        "-f",
        "query=query($endCursor: String) { pages }",
        check=0,
    ).stdout
    assert shown.count('"nodes"') == 2


@pytest.mark.parametrize(
    "words", [["-f", "novalue"], ["-H", "nocolon"], ["--input", "/nowhere/at/all"]]
)
def test_what_cannot_be_meant_exits_2(work, words):
    assert work.cli("api", "Work", "user", *words).returncode == 2


def test_a_connection_without_a_token_says_so(daemon):
    daemon.call("connection.add", name="Empty", type="github")
    done = daemon.cli("api", "Empty", "user", check=1)
    assert "no token" in done.stderr


def test_no_token_stands_in_what_is_printed(work, sandbox):
    shown = work.cli("api", "Work", "try/echo", "--include", check=0)
    assert not [one for one in spellings(sandbox) if one in shown.stdout + shown.stderr]
    assert tokens.first(tokens.GITHUB, "good") not in work.log()


def test_options_before_the_path_take_one_value_each(work):
    words = ["-f", "a=1", "-H", "X-Mine: yes", "Work", "try/echo"]
    sent = json.loads(work.cli("api", *words, check=0).stdout)
    assert json.loads(sent["body"]) == {"a": "1"} and sent["headers"]["X-Mine"] == "yes"
