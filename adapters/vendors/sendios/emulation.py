"""
The vendor's emulator as a source: an application, and the table that reaches it.
"""

from adapters.contract import SandboxParts

from .capability import VENDOR

CLIENT_ID = 123
KEY = "sandbox-key"
PROJECTS = {"1": "Shop", "2": "Club"}


def build_sandbox() -> SandboxParts:
    """Build the seeded emulator; it is imported here so that real sources never load it."""
    from .sandbox import create_sandbox  # noqa: PLC0415 - see above

    sandbox = create_sandbox(1, client_id=CLIENT_ID, key=KEY)
    table = {
        "vendor": VENDOR,
        "base_url": "",
        "client_id": CLIENT_ID,
        "auth": {"key": KEY},
        "projects": PROJECTS,
        "platform_table": "sdk",
    }
    return SandboxParts(sandbox.app, table)
