"""
Taximail: the lists of one account, the contacts in them, its campaigns, and single messages.
"""

from typing import Final

from adapters.contract import VendorPackage

from .adapter import open_source
from .capability import VENDOR, build_capability
from .emulation import build_sandbox
from .extensions import EXTENSIONS
from .settings import TaximailSettings
from .webhooks import TELLING
from .writing.abilities import REFUSED, build_writes

ADAPTER: Final[VendorPackage] = VendorPackage(
    name=VENDOR,
    title="Taximail",
    settings=TaximailSettings,
    build_capability=build_capability,
    open=open_source,
    sandbox=build_sandbox,
    extensions=EXTENSIONS,
    build_writes=build_writes,
    refused_writes=REFUSED,
    telling=TELLING,
    many_records=True,
)
