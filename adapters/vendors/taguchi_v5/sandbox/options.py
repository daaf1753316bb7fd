"""
The integration's page, as the sandbox is set up: every option that changes what the endpoint does.

Source: taguchi-v5-integration.txt, Configuration.
"""

from dataclasses import dataclass
from typing import Any, Literal

Identity = Literal["ref", "email", "phone"]


@dataclass(frozen=True, slots=True)
class UnsubscribeRule:
    """A custom field that unsubscribes people when it equals a value (`==`) or differs from it (`!=`)."""

    field: str
    operator: Literal["==", "!="]
    value: Any


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """
    The page's options; everything is allowed by default.

    `credential` is what the endpoint asks for: a static token, a JWT signed with a pre-shared key, or nothing.
    `deduplication_s` is a number of seconds, 0 for none. `trigger_activity_id` None allows any activity.
    """

    credential: Literal["token", "jwt", "none"] = "token"
    identify_by: Identity = "ref"
    allow_retrieval: bool = True
    allow_creation: bool = True
    allow_updates: bool = True
    allow_anonymization: bool = True
    allow_events: bool = True
    allow_messages: bool = True
    trigger_activity_id: int | None = None
    allow_unsubscribed_messages: bool = False
    main_list_id: int | None = None
    unsubscribe_mode: Literal["global", "main_list"] = "global"
    unsubscribe_rule: UnsubscribeRule | None = None
    import_source: str | None = None
    deduplication_s: int = 0
    webhook_mode: bool = False
    other_list_ids: tuple[int, ...] = ()
    identify_partitions_by: Literal["ref", "id"] = "ref"
    allow_partition_retrieval: bool = True
    allow_partition_creation: bool = True
    allow_partition_updates: bool = True
