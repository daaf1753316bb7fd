"""
Taguchi V5: one endpoint integration of a Taguchi account, which takes people, events and messages and looks people up.
"""

from typing import Final

from adapters.contract import VendorPackage

from .abilities import build_writes
from .adapter import open_source
from .capability import VENDOR, build_capability
from .emulation import build_sandbox
from .extensions import EXTENSIONS
from .settings import TaguchiV5Settings
from .webhooks import TELLING

ADAPTER: Final[VendorPackage] = VendorPackage(
    name=VENDOR,
    title="Taguchi V5",
    settings=TaguchiV5Settings,
    build_capability=build_capability,
    open=open_source,
    sandbox=build_sandbox,
    extensions=EXTENSIONS,
    build_writes=build_writes,
    telling=TELLING,
)
