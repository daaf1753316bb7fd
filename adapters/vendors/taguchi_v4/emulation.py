"""
The vendor's emulator as a source: an application, and the table that reaches it.
"""

from adapters.contract import SandboxParts

from .capability import VENDOR

ORGANIZATION_ID = 1
TOKEN = "sandbox-token"  # noqa: S105 - the emulator's own, it guards made-up people


def build_sandbox() -> SandboxParts:
    """Build the seeded emulator; it is imported here so that real sources never load it."""
    from .sandbox import create_sandbox  # noqa: PLC0415 - see above

    sandbox = create_sandbox(seed=1, organization_id=ORGANIZATION_ID, token=TOKEN)
    table = {
        "vendor": VENDOR,
        "base_url": f"/admin/api/{ORGANIZATION_ID}/",
        "organization_id": ORGANIZATION_ID,
        "region": "AU",
        "auth": {"token": TOKEN},
        "max_page": 1000,
        "full_pages": True,
    }
    return SandboxParts(sandbox.app, table)
