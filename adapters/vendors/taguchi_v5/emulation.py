"""
The vendor's emulator as a source: an application, and the table that reaches it.
"""

from adapters.contract import SandboxParts

from .capability import VENDOR

ENDPOINT = "abc123"
ORGANIZATION_ID = 482
TOKEN = "sandbox-token"  # noqa: S105 - the emulator's own, it guards made-up people


def build_sandbox() -> SandboxParts:
    """
    Build the seeded emulator; it is imported here so that real sources never load it.

    Its people are identified by e-mail address, which most other vendors know them by too.
    """
    from .sandbox import OPENAPI_FILE, SandboxOptions, create_sandbox  # noqa: PLC0415 - see above

    options = SandboxOptions(identify_by="email")
    sandbox = create_sandbox(seed=1, endpoint=ENDPOINT, organization_id=ORGANIZATION_ID, secret=TOKEN, options=options)
    table = {
        "vendor": VENDOR,
        "base_url": f"/{ENDPOINT}/prod",
        "organization_id": ORGANIZATION_ID,
        "auth": {"token": TOKEN},
        "openapi": {"file": str(OPENAPI_FILE)},
        "region": "AU",
        "identify_by": "email",
        "allow_retrieval": True,
        "allow_creation": True,
        "allow_updates": True,
        "allow_anonymization": True,
        "allow_events": True,
        "allow_messages": True,
        "identify_partitions_by": "ref",
        "allow_partition_retrieval": True,
        "allow_partition_creation": True,
        "allow_partition_updates": True,
    }
    return SandboxParts(sandbox.app, table)
