"""
Words the made-up account is put together from.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _words(
    "Alice Amelia Anna Ava Ben Charlotte Chloe Daniel David Ella Emily Ethan Grace Hannah Harry Isla Jack James "
    "Jessica Kate Kevin Liam Lily Lucas Mia Michael Noah Oliver Olivia Oscar Rachel Ryan Sam Sarah Sophie Thomas "
    "William Zoe José Zoë Søren Łukasz Çağla Ngọc 明 Иван Ωλγα Åsa"
)
LAST_NAMES = _words(
    "Anderson Baker Brown Campbell Chen Clark Davies Edwards Evans Fisher Garcia Harris Hughes Jackson Johnson Jones "
    "Kelly Khan King Lee Martin Miller Mitchell Moore Nguyen Patel Robinson Ryan Singh Smith Taylor Thompson Walker "
    "Watson White Williams Wilson Wright Young O'Brien Smith-Jones D'Angelo Müller Nuñez Øberg Šimić İnce"
)
TITLES = ("Mr", "Ms", "Mrs", "Dr", "Mx", None, None)
GENDERS = ("M", "F", "F", "M", "", None)
PLACES = (
    ("Melbourne", "VIC", "3000"),
    ("Footscray", "VIC", "3011"),
    ("Geelong", "VIC", "3220"),
    ("Sydney", "NSW", "2000"),
    ("Newcastle", "NSW", "2300"),
    ("Brisbane", "QLD", "4000"),
    ("Cairns", "QLD", "4870"),
    ("Perth", "WA", "6000"),
    ("Adelaide", "SA", "5000"),
    ("Hobart", "TAS", "7000"),
    ("Darwin", "NT", "0800"),
    ("Canberra", "ACT", "2600"),
    ("Auckland", None, "1010"),
    ("Wellington", None, "6011"),
)
COUNTRIES = ("AU", "AU", "AU", "AU", "Australia", "NZ", "au", "", None)
STREETS = ("Collins St", "High St", "Station Rd", "Church St", "Beach Pde", "King's Way", "Railway Ave")
DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "shop.example.net", "EXAMPLE.com")
PRODUCTS = ("Boots", "Jackets", "Tents", "Maps", "Stoves", "Kayaks", "Lamps", "Packs", "Bikes", "Skis")
SEASONS = ("Spring", "Summer", "Autumn", "Winter", "Holiday", "Clearance")
CUSTOM_KEYS = ("favourite_store", "loyalty_tier", "shoe-size", "referrer", "pets", "nickname")
CUSTOM_VALUES = ("gold", "silver", "Bronze", "", "null", "42", "100%", "a_b", "naïve", None)
