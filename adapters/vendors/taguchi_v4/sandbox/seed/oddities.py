"""
People whose values trip up code: patterns, quotes, case, other scripts, nulls and words that look like null.
"""

from typing import Any

TEXTS = (
    "",
    " ",
    "null",
    "NULL",
    "None",
    "100%",
    "a_b",
    "axb",
    "back\\slash",
    "tail\\",
    "C:\\temp\\%x_",
    "dot.dot",
    "dotxdot",
    "[brackets]",
    "(group)",
    "a+b",
    "a*b?",
    "^start",
    "end$",
    "pipe|pipe",
    "{1,2}",
    "O'Neil",
    'say "hi"',
    "semi;colon--comment",
    "state-eq-VIC",
    "-eq-",
    "name-is-null",
    "Smith",
    "smith",
    "SMITH",
    "\u017fmith",  # long s
    "Kelvin",
    "\u212aelvin",  # Kelvin sign
    "KELVIN",
    "Straße",
    "STRASSE",
    "İstanbul",
    "istanbul",
    "\u0131stanbul",
    "Éclair",
    "éclair",
    "E\u0301clair",
    "Zażółć",
    "Ångström",
    "日本語",
    "العربية",
    "👩‍👩‍👧 family",
    "🦘",
    "tab\there",
    "line\nbreak",
    "line\r\nbreak\n",
    "trailing ",
    " leading",
    "a&b=c",
    "a+b c%20d",
    "<b>bold</b>",
    "ﬁne",
    "10",
    "9",
    "1e3",
    "\u200bzero-width",
    "x" * 300,
)
PLACEMENTS = ("firstname", "lastname", "state", "suburb", "extra", "notifications", "address")


def _people() -> list[dict[str, Any]]:
    texts = [
        {
            "ref": f"odd-{number}-{text[:40]}",
            "firstname": text,
            PLACEMENTS[1 + number % (len(PLACEMENTS) - 1)]: text,
            "email": f"Odd+{number}%tag_x@Example.COM",
            "custom_fields": [{"field": text[:40] or "empty", "data": text}, {"field": "gone", "data": None}],
        }
        for number, text in enumerate(TEXTS)
    ]
    return [
        *texts,
        {"ref": "", "email": None, "lists": [], "custom_fields": []},
        {"ref": "null", "email": "null", "state": "null", "country": "null"},
        {"ref": "Null", "email": "NULL@example.com", "dob": "0001-01-01", "unsubscribed": "9999-12-31T23:59:59"},
        {"ref": "leap", "dob": "2000-02-29", "bounced": "2012-02-29T23:59:59", "unsubscribed": "1970-01-01T00:00:00"},
        {"ref": "before-epoch", "unsubscribed": "1969-12-31T23:59:59", "bounced": "1969-12-31T23:59:59"},
        {"ref": "unknown-campaign", "campaign_id": 999999, "import_id": 999999},
    ]


ODD_PEOPLE = tuple(_people())
