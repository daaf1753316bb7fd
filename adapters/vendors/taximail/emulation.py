"""
The vendor's emulator as a source: an application, and the table that reaches it.
"""

from adapters.contract import SandboxParts

from .capability import VENDOR

BASE_PATH = "/v2"
KEY = "sandbox-key"
SECRET_KEY = "sandbox-secret"  # noqa: S105 - the emulator's own, it guards made-up people


def build_sandbox() -> SandboxParts:
    """Build the seeded emulator; it is imported here so that real sources never load it."""
    from .sandbox import create_sandbox  # noqa: PLC0415 - see above

    sandbox = create_sandbox(seed=1, base_path=BASE_PATH, keys={KEY: SECRET_KEY})
    table = {
        "vendor": VENDOR,
        "base_url": f"{BASE_PATH}/",
        "auth": {"api_key": KEY, "secret_key": SECRET_KEY},
        "region": "AU",
    }
    return SandboxParts(sandbox.app, table)
