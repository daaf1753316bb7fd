"""
The check of a Taguchi V4 source: what its document lets us only infer, asked by reads alone.

One probe, one fact; they run one after the other, since a check is never in a hurry. Source of what is open:
taguchi-v4-api.txt, Queries and Error Handling; vendors/facts.md, 1.4.
"""

from collections.abc import Awaitable, Callable
from typing import Final

from adapters.calls import CallScope
from adapters.evidence import Finding
from adapters.transport.client import VendorClient

from .conjunction_probe import probe_conjunction
from .page_probe import probe_page_bound
from .questions import Asker
from .reply_probes import probe_nothing, probe_revision_alias
from .text_probes import probe_empty_operand, probe_text_order
from .time_probe import probe_whole_seconds

PROBES: Final[tuple[Callable[[Asker], Awaitable[Finding]], ...]] = (
    probe_conjunction,
    probe_page_bound,
    probe_whole_seconds,
    probe_text_order,
    probe_empty_operand,
    probe_nothing,
    probe_revision_alias,
)


async def fetch_findings(client: VendorClient, scope: CallScope) -> tuple[Finding, ...]:
    """
    Run every probe.

    Raises:
        VendorError: the source cannot be asked, or answers what no list read answers.
    """
    asker = Asker(client, scope)
    return tuple([await probe(asker) for probe in PROBES])
