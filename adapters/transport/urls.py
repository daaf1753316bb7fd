"""
URLs as text: quoting that cannot be talked out of its segment, and what a base URL may look like.

Everything but letters, digits and `-._~` is percent-encoded, so the same request always has the same bytes.
"""

import re
from urllib.parse import SplitResult, quote, urlsplit

from adapters.errors import InputError
from adapters.transport.addresses import IPAddress, may_connect, to_address

Pairs = tuple[tuple[str, str], ...]

_PATH = re.compile(r"[A-Za-z0-9\-._~%!$&'()*+,;=:@/]*")
_DOTS = re.compile(r"(?:^|/)(?:\.|%2e){1,2}(?:/|\Z)", re.IGNORECASE)
_UNRESERVED = re.compile(r"[A-Za-z0-9\-._~]*")
_HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)")
_MAX_HOST = 253
_LOOPBACK_NAME = "localhost"


def quote_segment(text: str) -> str:
    """
    Quote an id so that it is one path segment and nothing else, whatever it holds.

    `.`, `..` and the empty text have no quoted form (`%2e%2e` still climbs): they are refused.
    """
    if text in {"", ".", ".."}:
        raise InputError("This id cannot be part of an address.", reason="ID_INVALID")
    return _quote(text)


def quote_query(params: Pairs) -> str:
    """Build the query string of these parameters, in their order."""
    plain = _UNRESERVED.fullmatch("".join(map("".join, params)))  # as most are: one look at all costs least
    return "&".join(map("=".join, params if plain else ((_quote(name), _quote(value)) for name, value in params)))


def check_path(path: str) -> str:
    """Return a path that was quoted properly; a bug in a vendor's code shows here, not on the wire."""
    if not _PATH.fullmatch(path) or "//" in path or path.startswith("/") or _has_dots(path):
        raise ValueError("A vendor path must be quoted, relative, and free of dot segments.")
    return path


def check_base_url(url: str, *, allow_private: bool = False) -> str:
    """
    Return a base URL that vendor calls may go to, without its trailing slash.

    https only, except on loopback; no user-info, query or fragment; no address or name that is private, unless the
    operator allowed it. Names are looked at again when they are resolved (`network.py`).

    Raises:
        ValueError: says what is wrong and how to mend it, and never repeats the URL (it may hold a password).
    """
    parts = _split(url)
    host = _check_host(parts)
    address = to_address(host)
    plain = parts.scheme == "http"
    if plain and not (may_connect(address, loopback=True) if address else host == _LOOPBACK_NAME):
        raise ValueError("base_url must start with https://; plain http is for 127.0.0.1 and localhost only.")
    if not plain and not _may_name(host, address, allow_private=allow_private):
        raise ValueError("base_url names a private address; set allow_private = true when that is meant.")
    return url.rstrip("/")


def _may_name(host: str, address: IPAddress | None, *, allow_private: bool) -> bool:
    """Say whether an https base URL may name this host; names are looked at again when they are resolved."""
    if address is None:
        return allow_private or host.removesuffix(".") != _LOOPBACK_NAME
    return may_connect(address, allow_private=allow_private)


def is_loopback_http(url: str) -> bool:
    """Say whether a checked base URL is plain http, which only loopback may be."""
    return url.startswith("http://")


def _split(url: str) -> SplitResult:
    """Split a URL and refuse everything a base URL has no use for."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("base_url holds a space, a control character or a letter outside ASCII; write it plainly.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("base_url is not a URL; write it as https://host or https://host:port.") from None
    if not url.startswith(("https://", "http://")):
        raise ValueError("base_url must start with https://.")
    if "@" in parts.netloc:
        raise ValueError("base_url must not hold a user name or password; put them in auth as env or file.")
    if "?" in url or "#" in url:
        raise ValueError("base_url must end before any '?' or '#'.")
    if port == 0 or parts.netloc.endswith(":") or _has_dots(parts.path) or "//" in parts.path or "%" in parts.path:
        raise ValueError("base_url has a port or path that cannot be used; write it as https://host:port/path.")
    return parts


def _check_host(parts: SplitResult) -> str:
    """Return the host, when it is an address or a name that resolvers agree on."""
    host = parts.hostname or ""
    if to_address(host):
        return host
    labels = host.removesuffix(".").split(".")
    numeric = re.fullmatch(r"(0x[0-9a-f]*|[0-9]+)", labels[-1])
    if len(host) > _MAX_HOST or numeric or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise ValueError("base_url has no proper host name; write it as https://host.")
    return host


def _has_dots(path: str) -> bool:
    """Say whether a path holds a segment that climbs or stays, quoted or not."""
    return _DOTS.search(path) is not None


def _quote(text: str) -> str:
    """Percent-encode everything but unreserved characters."""
    if _UNRESERVED.fullmatch(text):
        return text
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise InputError("A text holds half of a character pair, which has no encoding.") from None
