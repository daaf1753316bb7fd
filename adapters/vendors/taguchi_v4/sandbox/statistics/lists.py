"""
How lists changed.

Source: taguchi-v4-api.txt, Total List Aggregates: in every number of its examples, `active` is `total` less
`unsubscribed` less `bounced`, so all four count what happened in a bucket. What makes a member bounced is [inferred]:
the subscriber's e-mail address did.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from adapters.vendors.taguchi_v4.sandbox.resources import SUBSCRIBER
from adapters.vendors.taguchi_v4.sandbox.store import Store
from adapters.vendors.taguchi_v4.sandbox.times import DAY_US

from .events import Series
from .periods import ALL, BUCKET_OF, Period, Range, print_bucket

FLOWS = ("total", "unsubscribed", "bounced")
SERIES = ("active", *FLOWS)
Change = tuple[int, str, int]  # list, flow, microseconds since 1970

_BOUNCED = SUBSCRIBER.positions["bounced"]
_LISTS = SUBSCRIBER.child_positions["lists"]


class ListCounts:
    """
    Counts changes of memberships: of visible subscribers, on visible lists.
    """

    def __init__(self, store: Store, list_ids: Sequence[int]) -> None:
        """Only these lists count; every list when there are none."""
        visible = store.tables["list"].visible_ids()
        self._list_ids = [list_id for list_id in visible if not list_ids or list_id in list_ids]
        self._changes = [change for change in _changes(store) if change[0] in set(self._list_ids)]

    def count_all(self, asked: Range, periods: Sequence[Period]) -> dict[str, Series]:
        """All lists together."""
        return {ALL: self._count(self._changes, asked, periods)}

    def count_by_list(self, asked: Range, periods: Sequence[Period]) -> dict[str, Series]:
        """Each list by itself, those without any change too."""
        by_list: dict[int, list[Change]] = {list_id: [] for list_id in self._list_ids}
        for change in self._changes:
            by_list[change[0]].append(change)
        return {str(list_id): self._count(changes, asked, periods) for list_id, changes in by_list.items()}

    def _count(self, changes: Iterable[Change], asked: Range, periods: Sequence[Period]) -> Series:
        series: Series = {name: [] for name in SERIES}
        for period in periods:
            for bucket, counts in self._fold(changes, asked, period):
                active = counts["total"] - counts["unsubscribed"] - counts["bounced"]
                for name in SERIES:
                    series[name].append((bucket, active if name == "active" else counts[name]))
        return series

    def _fold(self, changes: Iterable[Change], asked: Range, period: Period) -> Iterator[tuple[str, Counter[str]]]:
        """The buckets in which anything changed; for `all` that one even so, as the example's zeros are."""
        first_us, last_us = asked.span_us(period)
        folded: dict[int, Counter[str]] = {0: Counter()} if period == ALL else {}
        for _, flow, moment_us in changes:
            if first_us <= moment_us <= last_us:
                folded.setdefault(BUCKET_OF[period](moment_us // DAY_US), Counter())[flow] += 1
        for bucket in sorted(folded):
            yield print_bucket(period, bucket), folded[bucket]


def _changes(store: Store) -> Iterator[Change]:
    for row in store.tables["subscriber"].visible():
        bounced_us = row.values[_BOUNCED]
        for list_id, _, _, joined_us, left_us, _ in row.children[_LISTS]:
            for flow, moment_us in zip(FLOWS, (joined_us, left_us, bounced_us), strict=True):
                if isinstance(moment_us, int):
                    yield list_id, flow, moment_us
