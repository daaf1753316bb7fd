"""
Single messages, opt-outs that a vendor lists by themselves, and what a vendor says of an e-mail address.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final

from adapters.records.entity import Entity


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRecord:
    """
    One message to one person, as its vendor follows it.

    `ref` is the caller's own key for it, `status` the vendor's word for what became of it.
    """

    entity: ClassVar[Entity] = Entity.MESSAGE

    source: str
    id: str
    ref: str | None = None
    status: str | None = None
    subject: str | None = None
    email: str | None = None
    created_at: datetime | None = None
    sent_at: datetime | None = None
    extension: object | None = None


SUBSCRIBER_KEY: Final = "subscriber_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsubscribeRecord:
    """
    One opt-out, as a vendor lists them by time.

    `id` tells entries apart and says nothing about the person. `subscriber_id` is the vendor's id of the person where
    the entry has it; where it has none, `subscriber_key` is what its source looks the person up by, under that name in
    `fetch_by_values`, and is never shown. `project_id` is what the opt-out holds for; `cause` the vendor's word or
    number for how it came.
    """

    entity: ClassVar[Entity] = Entity.UNSUBSCRIBE

    source: str
    id: str
    email: str | None = None
    subscriber_id: str | None = None
    subscriber_key: str | None = field(default=None, repr=False)
    subscriber_ref: str | None = None
    project_id: str | None = None
    cause: str | None = None
    occurred_at: datetime | None = None
    extension: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailCheckRecord:
    """
    What one source says of an e-mail address, which need be nobody's.

    `corrected` is the address as the vendor would use it; `reason` the vendor's word for why it is invalid; `provider`
    who runs the mailbox; `trusted` whether the vendor knows the provider.
    """

    source: str
    email: str
    corrected: str | None = None
    valid: bool | None = None
    reason: str | None = None
    provider: str | None = None
    domain: str | None = None
    trusted: bool | None = None
