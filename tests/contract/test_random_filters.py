"""Random filters of every vendor that lists anything, against the reference."""

import pytest

from adapters.records import Entity
from tests.contract.accounts import LISTED, Account, list_tables
from tests.contract.random_filters import check_case, survey

LISTING = sorted({vendor for vendor, _ in LISTED})
CASES = 60
BAR_CASES = 2_000


@pytest.mark.parametrize("vendor", LISTING)
async def test_random_filters_bring_no_wrong_row(account: Account):
    """A wrong row is a wrong person in a campaign; a missing one is somebody who never hears of it."""
    assert await _run(account, range(CASES)) > CASES


@pytest.mark.bars
@pytest.mark.parametrize("vendor", LISTING)
async def test_two_thousand_random_filters_bring_no_wrong_row(account: Account):
    """As above, of what only happens now and then."""
    assert await _run(account, range(1_000, 1_000 + BAR_CASES)) > BAR_CASES


async def _run(account: Account, numbers: range) -> int:
    kinds = [entity for entity in list_tables(account.vendor) if entity is not Entity.FEED_EVENT]
    grounds = [await survey(account, entity) for entity in kinds]
    return sum([await check_case(number, grounds) for number in numbers])
