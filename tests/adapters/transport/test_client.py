"""What goes out byte for byte, what the plan's record holds, and that no secret shows anywhere."""

import logging
from urllib.parse import quote

import httpx
import pytest
from pydantic import SecretStr

from adapters.errors import InputError, VendorContractError
from adapters.transport.auth import BasicAuth, BearerAuth, QueryAuth
from adapters.transport.body import decode_json
from adapters.transport.client import VendorClient
from adapters.transport.limits import ClientLimits
from tests.adapters.transport.fake_vendor import SECRET, Watch, answer, build_scope, forms_of, in_turn, read

TEXTS = {
    "percent": "%",
    "quoted percent": "%25",
    "plus": "+",
    "quoted plus": "%2B",
    "blank": " ",
    "NUL": "\x00",
    "line break": "\r\n",
    "bar": "a|b",
    "e-mail": "a+b@example.com",
    "Latin": "é",
    "Thai": "สวัสดี",
    "emoji": "👩‍👩‍👧",
    "decomposed": "e\u0301",
    "reserved": ":/?#[]@!$&'()*+,;=",
    "unreserved": "-._~",
    "LIKE escape": r"\%\_\\",
    "regular expression": r"^(a\.b|c\+d)$",
    "surrounding marks": "\"<>\\^`{}'",
    "empty": "",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
async def test_parameters_arrive_byte_for_byte_as_they_were_quoted(vendor, caller, text):
    """A library that re-quotes the URL on its way out would change what the vendor's grammar sees."""
    fake = await vendor(answer())
    call = caller(fake.url + "/admin/api/1")

    await call.send(read(params=(("query", text), ("limit", "1"))))

    target = fake.heads[0].split(" ")[1]
    wanted = f"query={quote(text, safe='')}&limit=1"
    assert target == f"/admin/api/1/subscriber/?{wanted}&auth={quote(SECRET, safe='')}"
    assert call.last.url == f"/admin/api/1/subscriber/?{wanted}&auth=REDACTED"


async def test_a_record_says_what_was_asked_and_what_came_of_it(vendor, caller):
    """The plan shows exactly these words and figures."""
    fake = await vendor(in_turn(answer(b"", "502 X"), answer(b"[1,2]")))
    call = caller(fake.url)
    request = read(purpose="subscribers", pushed=("state = VIC",), residual="x", reasons=("no OR",), keys=3)

    reply = await call.send(request)

    record = call.last
    assert reply.call is record
    assert (record.source, record.vendor, record.operation) == ("retail", "taguchi_v4", "subscriber.list")
    assert (record.purpose, record.pushed, record.residual) == ("subscribers", ("state = VIC",), "x")
    assert (record.reasons, record.keys, record.method, record.status) == (("no OR",), 3, "GET", 200)
    assert (record.attempts, record.retries, record.error) == (2, ("STATUS_502",), None)
    assert 0 <= record.started_ms < 1000
    assert 0 < record.duration_ms < 1000


async def test_a_request_s_own_headers_and_body_are_sent(vendor, caller):
    """Writes and vendors with special headers go through the same door."""
    bodies = []

    async def script(reader, writer, n):
        bodies.append(await reader.readexactly(4))
        await answer()(reader, writer, n)

    fake = await vendor(script)

    await caller(fake.url).send(read(method="PUT", body=b"[{}]", headers=(("Content-Type", "application/json"),)))

    head = fake.heads[0].lower()
    assert bodies == [b"[{}]"]
    assert "content-type: application/json" in head
    assert "content-length: 4" in head
    assert "user-agent: marketing-graph" in head


@pytest.mark.parametrize(
    ("authorize", "header"),
    [
        (BearerAuth(SecretStr("tok-en")), "Authorization: Bearer tok-en"),
        (BasicAuth("me", SecretStr("p:w")), "Authorization: Basic bWU6cDp3"),
    ],
    ids=["bearer", "basic"],
)
async def test_header_secrets_are_sent_and_not_shown(vendor, caller, authorize, header):
    """The other two ways to authorise."""
    fake = await vendor(answer())
    call = caller(fake.url, authorize=authorize)

    await call.send()

    assert header in fake.heads[0]
    assert call.last.url == "/subscriber/"
    assert "tok-en" not in repr(authorize)
    assert "p:w" not in repr(authorize)


def test_a_token_that_would_start_another_header_is_refused():
    """A line break in a secret must stop the start, not travel."""
    with pytest.raises(ValueError, match="line breaks") as caught:
        BearerAuth(SecretStr("tok\r\nX-Evil: 1"))
    assert "Evil" not in str(caught.value)


async def test_cookies_are_neither_kept_nor_sent(vendor, caller):
    """A source's calls must not be tied together by a vendor's cookie."""
    fake = await vendor(answer(headers=("Set-Cookie: session=1; Path=/",)))
    call = caller(fake.url.replace("127.0.0.1", "localhost"))  # a cookie jar keeps nothing of bare addresses

    await call.send()
    await call.send()

    assert "cookie" not in fake.heads[1].lower()


async def test_proxies_of_the_environment_are_not_used(vendor, caller, monkeypatch):
    """An environment variable must not redirect requests with secrets."""
    canary = await vendor(answer())
    fake = await vendor(answer())
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, canary.url)

    await caller(fake.url).send()

    assert (len(fake.heads), canary.heads) == (1, [])


async def test_a_vendor_that_repeats_our_secret_is_not_quoted_with_it(vendor, caller):
    """Error pages print the request they refuse; what the vendor's code sees must be clean."""
    echo = "".join(f"<p>bad auth {form}</p>" for form in sorted(forms_of(SECRET)) if "=" in form or "%" in form)
    fake = await vendor(answer(echo.encode(), "403 X"))

    reply = await caller(fake.url).send()

    assert b"REDACTED" in reply.body
    for form in (SECRET, quote(SECRET), quote(SECRET, safe="")):
        assert form.encode() not in reply.body


async def test_the_watch_would_see_a_leak():
    """The search for secrets must be able to fail."""
    for form in forms_of(SECRET):
        watch = Watch()
        watch.note(ValueError(f"GET /?auth={form}"))
        assert watch.leaks()


async def test_library_loggers_are_cut_off(vendor, caller, watch):
    """httpx writes whole URLs at INFO; nobody else's client may do so in this process either."""
    fake = await vendor(answer())
    caller(fake.url)

    async with httpx.AsyncClient(trust_env=False) as client:
        await client.get(fake.url + "/", params={"auth": SECRET})
    logging.getLogger("aiohttp.client").warning("GET %s", SECRET)

    assert len(fake.heads) == 1
    assert watch.leaks() == []


class Broken(httpx.AsyncBaseTransport):
    """A transport that fails with the secret URL in its text, as httpx's own errors do."""

    def __init__(self, error):
        self.error = error

    async def handle_async_request(self, request):
        raise self.error(f"cannot reach {request.url}")


@pytest.mark.parametrize(
    "error",
    [httpx.ConnectError, httpx.ReadTimeout, httpx.ReadError, httpx.RemoteProtocolError, OSError],
)
async def test_no_exception_carries_the_library_s_text(watch, error):
    """The library's exception holds the URL; ours must not be chained to it, not even out of sight."""
    client = VendorClient(
        source="retail",
        vendor="taguchi_v4",
        base_url="https://vendor.example",
        transport=Broken(error),
        authorize=QueryAuth("auth", SecretStr(SECRET)),
        limits=ClientLimits(attempts=1),
    )

    with pytest.raises(Exception) as caught:  # noqa: PT011 - every kind is looked at
        await client.send(read(), build_scope())

    watch.note(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "BODY_EMPTY"),
        (b" \r\n", "BODY_EMPTY"),
        (b"<!DOCTYPE html><html>Login</html>", "BODY_HTML"),
        (b"\n <br/>Maintenance", "BODY_HTML"),
        (b'[{"id": 1}, {"id"', "BODY_NOT_JSON"),
        (b"[NaN]", "BODY_NOT_JSON"),
        (b"[Infinity]", "BODY_NOT_JSON"),
        (b"[1e999]", "BODY_NOT_JSON"),
        (b'["\xff"]', "BODY_NOT_JSON"),
        (b'["\\ud800"]', "BODY_NOT_JSON"),
        (b"[" * 50_000 + b"]" * 50_000, "BODY_NOT_JSON"),
        (b"[] trailing", "BODY_NOT_JSON"),
    ],
    ids=repr,
)
async def test_what_is_not_json_is_refused_and_not_repeated(vendor, caller, body, reason):
    """A login page or half an answer must never be read as data, nor be shown to anyone."""
    fake = await vendor(answer(body))
    call = caller(fake.url)
    reply = await call.send()

    with pytest.raises(VendorContractError) as caught:
        decode_json(reply)

    assert (caught.value.reason, caught.value.source, caught.value.status) == (reason, "retail", 200)
    assert caught.value.__context__ is None
    assert call.last.error == f"VENDOR_BAD_RESPONSE {reason}"
    assert "Login" not in str(caught.value)


async def test_good_json_is_read_whatever_its_content_type(vendor, caller):
    """Vendors mislabel JSON; big ids must stay exact."""
    fake = await vendor(answer(b"[9007199254740993]", headers=("Content-Type: text/html",)))

    assert decode_json(await caller(fake.url).send()) == [9007199254740993]


async def test_a_request_too_long_for_a_url_is_refused_before_it_is_sent(vendor, caller):
    """A caller's giant filter is the caller's mistake, not the vendor's failure."""
    fake = await vendor(answer())
    call = caller(fake.url)
    scope = build_scope()

    with pytest.raises(InputError, match="too long"):
        await call.client.send(read(params=(("query", "x" * 16_000),)), scope)

    assert (fake.heads, scope.calls) == ([], [])


@pytest.mark.parametrize(
    "path", ["../x", "a/../b", "/x", "//host/x", "a?b", "a#b", "a b", "a\r\nb", "%2e%2e/x", "a\\b"]
)
async def test_a_badly_quoted_path_never_leaves(vendor, caller, path):
    """A vendor's code that forgets to quote an id must fail in its own tests."""
    fake = await vendor(answer())

    with pytest.raises(ValueError, match="quoted"):
        await caller(fake.url).client.send(read(path=path), build_scope())

    assert fake.heads == []
