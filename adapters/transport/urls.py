"""
URLs as text: quoting that cannot be talked out of its segment, and what a base URL may look like.

Everything but letters, digits and `-._~` is percent-encoded, so the same request always has the same bytes.
"""

import ipaddress
import re
from urllib.parse import SplitResult, quote, urlsplit

from adapters.errors import InputError

Pairs = tuple[tuple[str, str], ...]
IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_PATH = re.compile(r"[A-Za-z0-9\-._~%!$&'()*+,;=:@/]*")
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
    return "&".join(f"{_quote(name)}={_quote(value)}" for name, value in params)


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
    loopback = address.is_loopback if address else host == _LOOPBACK_NAME
    if parts.scheme == "http" and not loopback:
        raise ValueError("base_url must start with https://; plain http is for 127.0.0.1 and localhost only.")
    if parts.scheme == "https" and not allow_private and (loopback or (address and not is_public(address))):
        raise ValueError("base_url names a private address; set allow_private = true when that is meant.")
    return url.rstrip("/")


def is_loopback_http(url: str) -> bool:
    """Say whether a checked base URL is plain http, which only loopback may be."""
    return url.startswith("http://")


def to_address(host: str) -> IPAddress | None:
    """Return the IP address a host is written as, or None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: IPAddress) -> bool:
    """Say whether an address belongs to the public Internet; IPv6 forms that carry an IPv4 address count as that."""
    inner = _carried(address)
    if inner is not None:
        return is_public(inner)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _carried(address: IPAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address inside a mapped, 6to4 or Teredo address, or one behind the NAT64 prefix."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in ipaddress.ip_network("64:ff9b::/96"):
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _split(url: str) -> SplitResult:
    """Split a URL and refuse everything a base URL has no use for."""
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("base_url holds a space, a control character or a letter outside ASCII; write it plainly.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("base_url is not a URL; write it as https://host or https://host:port.") from None
    if parts.scheme not in {"http", "https"}:
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
    return any(part.lower().replace("%2e", ".") in {".", ".."} for part in path.split("/"))


def _quote(text: str) -> str:
    """Percent-encode everything but unreserved characters."""
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        raise InputError("A text holds half of a character pair, which has no encoding.") from None
