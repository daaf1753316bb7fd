"""
Taguchi V4: people, lists, campaigns, activities and the rest of one Taguchi account.
"""

from typing import Final

from adapters.contract import VendorPackage

from .adapter import open_source
from .capability import VENDOR, build_capability
from .emulation import build_sandbox
from .extensions import EXTENSIONS
from .settings import TaguchiV4Settings
from .writing.abilities import build_writes

ADAPTER: Final[VendorPackage] = VendorPackage(
    name=VENDOR,
    title="Taguchi V4",
    settings=TaguchiV4Settings,
    build_capability=build_capability,
    open=open_source,
    sandbox=build_sandbox,
    extensions=EXTENSIONS,
    build_writes=build_writes,
)
