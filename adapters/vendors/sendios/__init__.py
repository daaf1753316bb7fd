"""
Sendios: the people of one Sendios account, what they opted out of, and what it makes of e-mail addresses.
"""

from typing import Final

from adapters.contract import VendorPackage

from .adapter import open_source
from .capability import VENDOR, build_capability
from .emulation import build_sandbox
from .extensions import EXTENSIONS
from .settings import SendiosSettings
from .webhooks import TELLING
from .writes import REFUSED_WRITES, build_writes

ADAPTER: Final[VendorPackage] = VendorPackage(
    name=VENDOR,
    title="Sendios",
    settings=SendiosSettings,
    build_capability=build_capability,
    open=open_source,
    sandbox=build_sandbox,
    extensions=EXTENSIONS,
    build_writes=build_writes,
    refused_writes=REFUSED_WRITES,
    telling=TELLING,
    many_records=True,
)
