"""
What became of a write, by the statuses inside its reply.

A step's failure is told for each of its items; a reply with too few or too many statuses tells nothing of any of them.
Source: vendors/facts.md, 2.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from adapters.contract import ItemResult, Outcome, judge_all
from adapters.errors import VendorContractError, VendorError
from adapters.recipes import StepResult, judge_failure
from adapters.refusals import build_contract_error
from adapters.transport.requests import Reply

from .endpoints import build_refusal
from .replies import read_item_statuses
from .statuses import ItemStatus

WEBHOOK_NOTE: Final = (
    "This endpoint answers 200 whatever happens (webhook mode): Taguchi has the request, and does not say that it is "
    "done."
)
_NO_CONTENT: Final = 204


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Reads the replies of writes of one endpoint."""

    webhook_mode: bool

    def read_one(self, reply: Reply) -> StepResult:
        """
        Read the reply of a write of one item.

        Raises:
            VendorError: the item was refused, or the reply does not tell what became of it.
        """
        (status,) = self._read(reply, 1)
        outcome, error = _judge(reply, status)
        if error is not None:
            raise error
        return self._accept(outcome)

    def read_many(self, reply: Reply, places: Sequence[int]) -> StepResult:
        """
        Read the reply of a write of several items, each with its status by its place.

        Raises:
            VendorError: the whole request was refused, or its statuses cannot be told apart.
        """
        judged = [_judge(reply, status) for status in self._read(reply, len(places))]
        items = tuple(
            ItemResult(place=place, outcome=outcome, error=error)
            for place, (outcome, error) in zip(places, judged, strict=True)
        )
        accepted = self._accept(judge_all(item.outcome for item in items))
        return StepResult(outcome=accepted.outcome, items=items, warnings=accepted.warnings)

    def read_erasure(self, reply: Reply) -> StepResult:
        """Read the reply of anonymising: a status, or nothing where HTTP says that nothing comes."""
        if reply.status == _NO_CONTENT:
            return self._accept(Outcome.ACCEPTED if self.webhook_mode else Outcome.APPLIED)
        return self.read_one(reply)

    def _accept(self, outcome: Outcome) -> StepResult:
        told = (WEBHOOK_NOTE,) if outcome is Outcome.ACCEPTED else ()
        return StepResult(outcome=outcome, warnings=told)

    def _read(self, reply: Reply, count: int) -> tuple[ItemStatus, ...]:
        """Read the statuses; a refusal of a request that was sent again may be one of its repetition."""
        try:
            return read_item_statuses(reply, count, webhook_mode=self.webhook_mode)
        except VendorContractError:
            raise
        except VendorError as error:
            if reply.call.doubtful:
                raise build_contract_error(reply, "a refusal of a repetition", "REPETITION_REFUSED") from error
            raise


def _judge(reply: Reply, status: ItemStatus) -> tuple[Outcome, VendorError | None]:
    """Say what a status means for its item."""
    if status.succeeded is None:
        return Outcome.ACCEPTED, None
    if status.succeeded:
        return Outcome.APPLIED, None
    if reply.call.doubtful:
        error: VendorError = build_contract_error(reply, "a refusal of a repetition", "REPETITION_REFUSED")
    else:
        error = build_refusal(reply, status.code or 0, status.description or status.name, writes=True)
    return judge_failure(error), error
