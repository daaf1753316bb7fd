"""
An emulator of the Sendios API, written from its document and the public facts alone.

It shares no code with the adapter, so it can bear witness about it. `create_sandbox` builds one.
"""

from .app import Sandbox, create_sandbox
from .options import SandboxOptions
from .people import OptOut, SentMail, User
from .store import Store

__all__ = ["OptOut", "Sandbox", "SandboxOptions", "SentMail", "Store", "User", "create_sandbox"]
