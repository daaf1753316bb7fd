"""
An emulator of a Taguchi V5 endpoint integration, written from its page and the public facts alone.

It shares no code with the adapter, so it can bear witness about it. `create_sandbox` builds one.

Known of the vendor are: profile and event items to `POST {endpoint}/subscriber`, a status for each item, the bearer
header, the two stages, the options. Inferred, since no document says how, are: the message item's wrapper, every read,
anonymising, partitions, and what a switch that is off answers. Those are named as inferred in `document.py`, which
writes the OpenAPI file that the vendor would offer for download.
"""

from .app import Sandbox, create_sandbox
from .document import OPENAPI_FILE
from .options import SandboxOptions, UnsubscribeRule

__all__ = ["OPENAPI_FILE", "Sandbox", "SandboxOptions", "UnsubscribeRule", "create_sandbox"]
