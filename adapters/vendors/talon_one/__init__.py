"""
Talon.One: customer profiles and the audiences they are in.
"""

from typing import Final

from adapters.contract import VendorPackage

from .abilities import build_writes
from .adapter import open_source
from .capability import VENDOR, build_capability
from .emulation import build_sandbox
from .extensions import EXTENSIONS
from .settings import TalonOneSettings

ADAPTER: Final[VendorPackage] = VendorPackage(
    name=VENDOR,
    title="Talon.One",
    settings=TalonOneSettings,
    build_capability=build_capability,
    open=open_source,
    sandbox=build_sandbox,
    extensions=EXTENSIONS,
    build_writes=build_writes,
)
