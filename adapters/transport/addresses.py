"""Which IP addresses a vendor may live at."""

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def to_address(host: str) -> IPAddress | None:
    """
    Return the IP address a host is written as, or None for a name.

    Addresses that carry an IPv4 address (mapped, NAT64, 6to4, Teredo) count as that one.
    """
    try:
        return _unwrap(ipaddress.ip_address(host))
    except ValueError:
        return None


def may_connect(address: IPAddress, *, loopback: bool = False, allow_private: bool = False) -> bool:
    """
    Say whether a vendor may live at an address that came from `to_address`.

    A plain-http source only on loopback, the others on the public Internet, with `allow_private` also in private
    networks; never on link-local (cloud metadata), multicast, reserved or unspecified addresses.
    """
    if loopback:
        return address.is_loopback
    if address.is_loopback:
        return allow_private
    if address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved:
        return False
    site_local = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return allow_private or (address.is_global and not site_local)


def _unwrap(address: IPAddress) -> IPAddress:
    """Return the IPv4 address inside an IPv6 one, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)
