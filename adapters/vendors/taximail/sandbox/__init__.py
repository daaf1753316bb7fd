"""
An emulator of the Taximail API v2, written from its documents and the public facts alone.

It shares no code with the adapter, so it can bear witness about it. `create_sandbox` builds one.
"""

from .app import Sandbox, create_sandbox
from .options import SandboxOptions
from .store import Store

__all__ = ["Sandbox", "SandboxOptions", "Store", "create_sandbox"]
