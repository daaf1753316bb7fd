"""
A write before it is sent: its one request, and how the reply to it is read.

What the vendor takes it does later, so nothing it answers makes a write APPLIED: reading does.
Source: sendios-faq.txt, 4.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from adapters.contract import Outcome
from adapters.recipes import StepResult
from adapters.refusals import build_contract_error
from adapters.transport.client import Reply, VendorRequest

from .replies import read_written

Told = Callable[[Any], Mapping[str, Any]]
"""What of a reply's data is told as a fact."""


def _tell_nothing(_data: Any) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """
    One write: `id` is the user it is about, where that is known.

    `confirmed` is the key that must be true in the reply's data, where one is documented. `marks` says that every
    status of success is one.
    """

    request: VendorRequest
    id: str | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()
    known_by: Mapping[str, str] = field(default_factory=dict)
    confirmed: str | None = None
    marks: bool = False
    tell: Told = _tell_nothing

    @property
    def read(self) -> Callable[[Reply], StepResult]:
        """How its reply is read."""
        return partial(_read, self)


def _read(draft: Draft, reply: Reply) -> StepResult:
    """
    Read the reply to a write.

    Raises:
        VendorError: the vendor refused, or did not say that it has taken the write.
    """
    data = read_written(reply, any_success=draft.marks)
    if draft.confirmed is not None and not _is_confirmed(data, draft.confirmed):
        raise build_contract_error(reply, "no word that it has taken the write", "CONFIRMATION_EXPECTED")
    return StepResult(outcome=Outcome.ACCEPTED, id=draft.id, facts=draft.tell(data))


def _is_confirmed(data: Any, name: str) -> bool:
    """Say whether data confirm a write; clients take an answer without data for a confirmation too."""
    return data is None or data is True or (isinstance(data, dict) and data.get(name) in (True, 1, "1", "true"))
