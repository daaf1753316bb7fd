"""Base URLs an operator may write, and ids that cannot leave their path segment."""

from urllib.parse import unquote, urlsplit

import httpx
import pytest

from adapters.errors import InputError
from adapters.transport.urls import check_base_url, check_path, quote_query, quote_segment

GOOD = [
    "https://edm2.taguchimail.com",
    "https://edm2.taguchimail.com/",
    "https://edm2.taguchimail.com:8443",
    "https://edm2.taguchimail.com/admin/api/1/",
    "https://8.8.8.8",
    "https://[2606:4700::1111]",
    "https://xn--bcher-kva.example",
    "http://127.0.0.1",
    "http://127.0.0.1:8001/",
    "http://localhost:8001",
    "http://[::1]:8001",
]
PRIVATE = [
    "https://10.0.0.5",
    "https://192.168.0.1:8443",
    "https://127.0.0.1",
    "https://localhost",
    "https://localhost.",
    "https://[::1]",
    "https://[fd00::1]",
    "https://[::ffff:10.0.0.1]",
]
BAD = [
    "",
    "edm2.taguchimail.com",
    "//edm2.taguchimail.com",
    "ftp://edm2.taguchimail.com",
    "file:///etc/passwd",
    "HTTPS://edm2.taguchimail.com",
    "http://edm2.taguchimail.com",
    "http://10.0.0.5",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "https://user:hunter2@edm2.taguchimail.com",
    "https://token@edm2.taguchimail.com",
    "https://@edm2.taguchimail.com",
    "https://edm2.taguchimail.com?auth=hunter2",
    "https://edm2.taguchimail.com/?",
    "https://edm2.taguchimail.com#x",
    "https://edm2.taguchimail.com:0",
    "https://edm2.taguchimail.com:",
    "https://edm2.taguchimail.com:99999",
    "https://edm2.taguchimail.com:https",
    "https://edm2.taguchimail.com/../admin",
    "https://edm2.taguchimail.com/%2e%2e/admin",
    "https://edm2.taguchimail.com//evil.example",
    "https://edm2.taguchimail.com\\@evil.example",
    "https://edm2.taguchimail.com\r\nX: 1",
    "https://edm2.taguchimail.com /",
    "https://bücher.example",
    "https://",
    "https:///admin",
    "https://[::1",
    "https://[fe80::1]",
    "https://169.254.169.254",
    "https://[::ffff:169.254.169.254]",
    "https://224.0.0.1",
    "https://0.0.0.0",
    "https://2130706433",
    "https://0x7f000001",
    "https://0177.0.0.1",
    "https://127.1",
    "https://-bad.example",
    "https://a..b.example",
]


@pytest.mark.parametrize("url", GOOD)
def test_base_urls_that_are_taken(url):
    """A proper address works with and without its last slash."""
    assert check_base_url(url) == url.rstrip("/")


@pytest.mark.parametrize("url", PRIVATE)
def test_base_urls_that_must_be_allowed(url):
    """Private networks are reached only when the operator says so."""
    with pytest.raises(ValueError, match="allow_private"):
        check_base_url(url)
    assert check_base_url(url, allow_private=True) == url


@pytest.mark.parametrize("url", BAD)
def test_base_urls_that_are_refused(url):
    """Whatever two parsers could read differently, and whatever would carry a secret, must stop the start."""
    with pytest.raises(ValueError, match="base_url") as caught:
        check_base_url(url, allow_private=True)

    assert "hunter2" not in str(caught.value)
    assert "evil" not in str(caught.value)


IDS = [
    "1",
    "9007199254740993",
    "-1",
    "a b",
    "a/b",
    "/etc/passwd",
    "//evil.example/x",
    "../x",
    "../../admin",
    "..;/x",
    "..\\x",
    "x/..",
    "./x",
    "...",
    "..%2f",
    "%2e%2e",
    "%2e%2e%2f",
    "%252e%252e",
    "%2f",
    "?x=1",
    "1?auth=other",
    "#x",
    "1#x",
    "&auth=x",
    "1;x=1",
    "@evil.example",
    "user:pw@evil.example",
    "https://evil.example/",
    "http:x",
    "\x00",
    "1\x00.json",
    "1\r\nX-Evil: 1",
    "\n",
    "\t",
    "1 HTTP/1.1\r\nHost: evil.example\r\n\r\nGET /",
    "é",
    "สวัสดี",
    "\u202e",
    "\u2028",
    "\uff0e\uff0e\uff0f",
    "%",
    "%zz",
    "+",
    "a=b",
    "[::1]",
    "|",
    "'\"<>",
]


@pytest.mark.parametrize("text", IDS, ids=ascii)
def test_an_id_stays_one_segment_of_the_path(text):
    """No id may change the host, the path around it, or the query of a vendor call."""
    path = check_path(f"subscriber/{quote_segment(text)}/lists")
    url = "https://vendor.example/admin/" + path

    for parsed in (urlsplit(url), urlsplit(str(httpx.URL(url)))):
        assert (parsed.scheme, parsed.netloc, parsed.query, parsed.fragment) == ("https", "vendor.example", "", "")
        assert [unquote(part) for part in parsed.path.split("/")] == ["", "admin", "subscriber", text, "lists"]


@pytest.mark.parametrize("text", ["", ".", "..", "\ud800"], ids=ascii)
def test_an_id_without_a_quoted_form_is_refused(text):
    """Dot segments climb even when quoted; half a character pair has no bytes."""
    with pytest.raises(InputError):
        quote_segment(text)


def test_a_query_keeps_its_order_and_repeats():
    """Taguchi's `query` may appear many times; the same request must always have the same bytes."""
    assert quote_query((("query", "a-eq-1"), ("query", "b-like-%x"), ("limit", "5"))) == (
        "query=a-eq-1&query=b-like-%25x&limit=5"
    )
