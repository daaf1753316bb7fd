"""
Who asks. There is no authentication yet, so everyone who reaches the server is the local principal, with every scope;
therefore only this machine may reach it.
"""

import ipaddress
from functools import lru_cache
from typing import Final

from adapters.errors import SettingsError

_LOOPBACK_NAMES: Final = frozenset({"localhost", "ip6-localhost"})


@lru_cache(maxsize=1024)
def is_loopback(host: str) -> bool:
    """Say whether a host name or address can only mean this machine."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.lower() in _LOOPBACK_NAMES
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def check_exposure(host: str) -> None:
    """
    Refuse to listen where others can reach us.

    Raises:
        SettingsError: `host` is not loopback; whoever reached it would read and could mail every subscriber.
    """
    if not is_loopback(host):
        raise SettingsError(
            f"Refusing to serve on {host}: there is no authentication yet, and whoever reaches the server may read "
            "every source. Serve on 127.0.0.1, behind a proxy of yours that authenticates."
        )
