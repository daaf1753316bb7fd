"""
Writes about what people did and what is sent to them, and about partitions.

Source: vendors/facts.md, 2.2; taguchi-v5-integration.txt, Configuration.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from adapters.calls import CallScope
from adapters.contract import WriteCommand
from adapters.errors import CapabilityError, InputError
from adapters.records import Entity, PartitionRecord

from .activity_items import build_event, build_message, build_partition, find_equal
from .drafts import LOG, Draft, LookBack, build_bulk, build_single
from .fields import read_custom
from .lookups import Lookups
from .people_items import to_identity_key
from .settings import TaguchiV5Settings
from .webhooks import find_words
from .wire import Row

EVENT_CHECK: Final = f"{LOG}, and at the person's events: no call tells whether an event was logged."
MESSAGE_CHECK: Final = f"{LOG}, and at the activity's sendings: no call tells whether a message was sent."
PARTITION_CHECK: Final = f"{LOG}, and at the partition."
_SUBSCRIBER_PATH: Final = "subscriber"


@dataclass(frozen=True, slots=True)
class ActivityWrites:
    """Prepares events, messages and partitions of one endpoint."""

    lookups: Lookups

    @property
    def settings(self) -> TaguchiV5Settings:
        """What the source's table says."""
        return self.lookups.settings

    def log_event(self, command: WriteCommand) -> Draft:
        """Prepare one event; Taguchi says itself when it was logged."""
        item = build_event(self.settings, command.values, ("input",))
        words = dict(find_words(item["event"]))
        touched = (Entity.FEED_EVENT,)
        recipe = build_single(self.settings, _SUBSCRIBER_PATH, item, touched, EVENT_CHECK, known_by=words)
        return Draft(recipe=recipe, warnings=tuple(self._warn_of_repetitions([item])))

    def log_events(self, command: WriteCommand) -> Draft:
        """Prepare many events; those that equal an earlier one are dropped by Taguchi, and said so."""
        paths: list[tuple[str | int, ...]] = [("input", "items", place) for place in range(len(command.items))]
        items = [build_event(self.settings, each, path) for each, path in zip(command.items, paths, strict=True)]
        recipe = build_bulk(self.settings, dict(enumerate(items)), (Entity.FEED_EVENT,), EVENT_CHECK)
        return Draft(recipe=recipe, warnings=tuple(self._warn_of_repetitions(items)))

    def _warn_of_repetitions(self, items: Sequence[Row]) -> Iterator[str]:
        """Source: taguchi-v5-integration.txt, Request deduplication period (sec)."""
        if not self.settings.deduplication_s:
            return
        yield f"Taguchi drops what equals a request of the last {self.settings.deduplication_s} seconds."
        for place, first in find_equal(items):
            yield f"Item {place} equals item {first}, so Taguchi takes it for a repetition and drops it."

    def send_message(self, command: WriteCommand) -> Draft:
        """Prepare a message to people who are named; those who were left out keep their places."""
        values, now_at = command.values, datetime.now(UTC)
        left_out = frozenset(values.get("skipped") or ())
        recipients = values["recipients"]
        places = [place for place in range(len(recipients) + len(left_out)) if place not in left_out]
        items = {
            place: build_message(self.settings, values, each, ("input", "recipients", place), now_at)
            for place, each in zip(places, recipients, strict=True)
        }
        recipe = build_bulk(self.settings, items, (Entity.FEED_EVENT,), MESSAGE_CHECK, repeatable=False)
        self._check_named_once(items)
        return Draft(
            recipe=recipe,
            warnings=tuple(self._warn_of_messages(list(items.values()))),
            skipped=dict.fromkeys(sorted(left_out), "This person has opted out."),
        )

    def _check_named_once(self, items: dict[int, Row]) -> None:
        """Refuse a recipient who would get the message twice: whoever shares any identifier with an earlier one."""
        known: dict[tuple[str, str], int] = {}
        for place, item in items.items():
            target = item["message"]["target"]
            for name, value in target.items():
                if name == "phone" and len(target) > 1:
                    continue  # several people may share a number
                first = known.setdefault((name, to_identity_key(self.settings, name, str(value))), place)
                if first != place:
                    raise InputError(
                        f"This recipient is named twice, first in place {first}.",
                        reason="DUPLICATE_ITEM",
                        path=("input", "recipients", place),
                    )

    def _warn_of_messages(self, items: Sequence[Row]) -> Iterator[str]:
        yield from self._warn_of_repetitions(items)
        if self.settings.trigger_activity_id is not None:
            yield f"It is sent by activity {self.settings.trigger_activity_id}, which the endpoint's page names."
        if self.settings.allow_unsubscribed_messages:
            yield "This endpoint sends to people who have opted out at Taguchi, too."
        else:
            yield "Taguchi sends nothing to people who have opted out there."

    async def upsert_partition(self, command: WriteCommand, scope: CallScope, purpose: str) -> Draft:
        """Prepare a partition that may be new or known; raises `ValueError` where none are written."""
        path = self.settings.partition_path
        if path is None:
            raise ValueError("The endpoint's file names no address for partitions.")
        item = build_partition(self.settings, command.values)
        identity = self.settings.identify_partitions_by or "ref"
        value = str(item["partition"][identity])
        known = await self._fetch_partition(identity, value, scope, purpose)
        self._check_switches(known)
        changed = {name: each for name, each in command.values.items() if name not in {"ref", "partition_id"}}
        return Draft(
            recipe=build_single(self.settings, path, item, (Entity.PARTITION,), PARTITION_CHECK),
            look_back=LookBack(Entity.PARTITION, identity, value) if self._can_read(identity) else None,
            before=_read_before(known, changed) if known else None,
            after=changed,
        )

    def _can_read(self, identity: str) -> bool:
        operation = self.settings.reads.get(Entity.PARTITION)
        return operation is not None and operation.takes(identity)

    async def _fetch_partition(
        self, identity: str, value: str, scope: CallScope, purpose: str
    ) -> PartitionRecord | None:
        if not self._can_read(identity):
            return None
        operation = self.lookups.find_operation(Entity.PARTITION, identity)
        records = await self.lookups.fetch(operation, identity, value, scope, purpose, fresh=True)
        return next((record for record in records if isinstance(record, PartitionRecord)), None)

    def _check_switches(self, known: PartitionRecord | None) -> None:
        """Refuse what the page does not allow, where that can be told."""
        identity = self.settings.identify_partitions_by or "ref"
        if known is not None and not self.settings.allow_partition_updates:
            raise CapabilityError("This endpoint does not allow partitions to be changed.", path=("input",))
        if known is None and self._can_read(identity) and not self.settings.allow_partition_creation:
            raise CapabilityError("This endpoint does not allow new partitions.", path=("input",))


def _read_before(known: PartitionRecord, changed: dict[str, Any]) -> dict[str, Any]:
    """Return what a partition holds of what changes, in the same shape."""
    custom = {field.key: read_custom(field) for field in known.custom_fields}
    fields = [{"key": each["key"], "value": custom.get(each["key"])} for each in changed.get("custom_fields") or ()]
    return {"name": known.name, "custom_fields": fields} if fields else {"name": known.name}
