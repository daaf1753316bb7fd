"""
Partitions: reading, creating and updating them. All of it is inferred but the switches and what identifies one.

Source: taguchi-v5-integration.txt, Identify partitions by, Allow partition retrieval/creation/updates.
"""

from typing import Any

from .options import SandboxOptions
from .statuses import Refusal, Status, build_status, check_switch
from .store import Row, Store


class Partitions:
    """Reads and takes partitions over a store."""

    def __init__(self, store: Store, options: SandboxOptions) -> None:
        """The options say what is allowed, and what identifies a partition."""
        self._store = store
        self._options = options

    def read(self, parameters: dict[str, str]) -> Row:
        """Find one partition by its reference or id; raises `Refusal`."""
        check_switch(self._options.allow_partition_retrieval, "partition retrieval")
        asked = [
            (name, value) for name, value in parameters.items() if name in {self._options.identify_partitions_by, "id"}
        ]
        if len(asked) != 1:
            raise Refusal(400, f"Name one {self._options.identify_partitions_by}")
        found = self._store.find_partition(*asked[0])
        if found is None:
            raise Refusal(404, "There is no such partition")
        return found

    def take(self, partition: Any, *, keep: bool) -> Status:
        """Create or update one partition; raises `Refusal`."""
        identity = self._options.identify_partitions_by
        if not isinstance(partition, dict) or partition.get(identity) in {None, ""}:
            raise Refusal(400, "The partition object did not contain required identifying fields")
        known = self._store.find_partition(identity, str(partition[identity]))
        if known is None:
            check_switch(self._options.allow_partition_creation and identity == "ref", "partition creation")
            if keep:
                self._store.add_partition({"ref": None, "name": None, "custom": {}, **partition})
            return build_status(200)
        check_switch(self._options.allow_partition_updates, "partition updates")
        if keep:
            known |= {**partition, "id": known["id"]}
        return build_status(200)
