"""
Lists, imports and views.
"""

import random
from datetime import datetime

from adapters.vendors.taguchi_v4.sandbox.store import Store

from .drawing import Draw
from .words import PLACES, PRODUCTS, SEASONS

LISTS = 42  # 40 visible
DELETED_LISTS = {17, 31}
IMPORTS = 27
DELETED_IMPORTS = {9, 20}
UTILITY_LISTS = (
    ("notifications.tm", "Notifications - Taguchi Support", "notification"),
    ("proof.main", "Proof list", "proof"),
    ("approval.main", "Approval list", "approval"),
)
ODD_LIST_NAMES = ("null", "", "50% off_now", "back\\slash", "Größe & Co.", "[VIP] (a+b)*?", "name-eq-value", "📬 Post")


def add_lists(store: Store, source: random.Random, now_at: datetime) -> None:
    """Add the lists; ids 1 to 42 with two gaps."""
    draw = Draw(source, now_at)
    for number in range(1, LISTS + 1):
        record: dict[str, object] = {"timestamp": draw.maybe(0.9, draw.time()), "name": _list_name(number, draw)}
        if number <= len(UTILITY_LISTS):
            record["ref"], record["name"], record["type"] = UTILITY_LISTS[number - 1]
        elif draw.chance(0.6):
            record["ref"] = f"list-{number}"
        record["status"] = draw.choice((None, None, None, "active", "archived", ""))
        record["data"] = draw.choice((None, None, '{"owner":"crm"}', "", "null"))
        store.insert("list", record)
    for number in DELETED_LISTS:
        store.soft_delete("list", number)


def _list_name(number: int, draw: Draw) -> str | None:
    if number > LISTS - len(ODD_LIST_NAMES):
        return ODD_LIST_NAMES[LISTS - number]
    return draw.maybe(0.95, f"{draw.choice(SEASONS)} {draw.choice(PRODUCTS).lower()}")


def add_imports(store: Store, source: random.Random, now_at: datetime) -> None:
    """Add the imports, some not started, two deleted."""
    draw = Draw(source, now_at)
    for number in range(1, IMPORTS + 1):
        total = draw.choice((0, 0, 120, 1500, 40000))
        started = total > 0
        store.insert(
            "import",
            {
                "ref": draw.maybe(0.4, f"import-{number}"),
                "name": draw.maybe(0.95, f"{draw.choice(PLACES)[0]} import {number}"),
                "source": draw.choice((None, "", "Trade fair", "CRM export, 100%")),
                "timestamp": draw.time() if started else None,
                "manifest": _manifest(number) if draw.chance(0.9) else None,
                "status": draw.choice((None, "processing", "done")) if started else None,
                "params": draw.choice((None, "{}", '{"notify": 1}')),
                "total": total,
                "invalid": total // 50,
                "bounced": total // 100,
                "global_new": total // 2,
                "list_new": total // 3,
            },
        )
    for number in DELETED_IMPORTS:
        store.soft_delete("import", number)


def _manifest(number: int) -> str:
    """
    A manifest like the document's; every third has a second source, in XML and with custom fields.
    """
    second = _xml_source(number) if number % 3 == 0 else ""
    return (
        f'<manifest xmlns="http://taguchimail.com/manifest" import-id="{number}">'
        f'<source href="ftp://loader:made-up@files.example.com/{number}.tsv">'
        '<format type="delimited" field-separator="\\t" line-separator="\\n"/>'
        '<fields><field name="email" select="@0"/><field name="firstname" select="@1"/></fields>'
        f'<lists><list id="{number}"/></lists></source>{second}</manifest>'
    )


def _xml_source(number: int) -> str:
    return (
        f'<source href="https://files.example.com/{number}.xml"><format type="xml" select="//person[@active=\'1\']"/>'
        '<fields><field name="email" select="mail/text()"/><field name="custom_shoe-size" select="@size"/></fields>'
        f'<lists><list id="{number}"/><list id="{number + 1}"/></lists></source>'
    )


def add_views(store: Store) -> None:
    """Add the views: the document's own, one per state, and a few odd ones."""
    store.insert("view", {"name": "Example View", "predicate": "s.state = 'VIC'"})
    for state in ("NSW", "QLD", "WA", "SA", "TAS", "NT", "ACT"):
        name = f"Lives in {state}"
        store.insert("view", {"ref": f"view-{state}", "name": name, "predicate": f"s.state = '{state}'"})
    store.insert("view", {"name": None, "predicate": None, "status": "draft"})
    store.insert("view", {"name": "100% of \\ people", "predicate": "s.email LIKE '%\\_%'", "ref": ""})
    gone = store.insert("view", {"name": "Old", "predicate": "false"})
    store.soft_delete("view", gone)
    store.insert("view", {"name": "null", "predicate": "s.dob < '1970-01-01'"})
