"""
The vendor's emulator as a source: an application, and the table that reaches it.
"""

from adapters.contract import SandboxParts

DEPLOYMENT = "sandbox.europe-west1.talon.one"
KEY = "sandbox-key"
"""The emulator's own for all three APIs, which tell keys apart by their kind; it guards made-up people."""


def build_sandbox() -> SandboxParts:
    """Build the seeded emulator; it is imported here so that real sources never load it."""
    from .sandbox import Keys, create_sandbox  # noqa: PLC0415 - see above

    sandbox = create_sandbox(seed=1, keys=Keys(cdp=KEY, integration=KEY, management=KEY), deployment=DEPLOYMENT)
    table = {
        "base_url": "",
        "deployment": DEPLOYMENT,
        "platform_name": "Marketing Graph",
        "region": "AU",
        "auth": {"key": KEY},
        "management": {"key": KEY},
    }
    return SandboxParts(sandbox.app, table)
