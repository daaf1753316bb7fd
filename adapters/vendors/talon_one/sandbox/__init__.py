"""
An emulator of Talon.One's three APIs, written from its documents and the public facts alone.

It shares no code with the adapter, so it can bear witness about it. `create_sandbox` builds one.
"""

from .app import Sandbox, create_sandbox
from .credentials import Keys
from .store import Store

__all__ = ["Keys", "Sandbox", "Store", "create_sandbox"]
