"""
Everything the sandbox remembers, and the handle tests change it by.
"""

from collections.abc import Iterable, Iterator, Mapping

from adapters.sandbox import VirtualClock

from .people import OptOut, User, print_time

LONGEST_ID = 19
FIRST_USER_ID = 1_186_147_001
FIRST_MAIL_ID = 16_072_377_551
REASONS: Mapping[int, str] = {2: "fbl", 4: "page", 8: "client", 9: "settings_all_types"}
"""The reason that goes with each source of an opt-out. Source: vendors/facts.md, 4.4; which go together is a guess."""


class Store:
    """
    Users by id; the projects and the types of mail in each.
    """

    def __init__(self, clock: VirtualClock, projects: Mapping[int, str], types: Mapping[int, str]) -> None:
        """Start without people; every project has the same types of mail."""
        self.clock = clock
        self.projects = dict(projects)
        self.types = dict(types)
        self._users: dict[int, User] = {}
        self._by_email: dict[tuple[int, str], int] = {}
        self._next_user, self._next_mail, self._next_push = FIRST_USER_ID, FIRST_MAIL_ID, 1

    @property
    def now(self) -> str:
        """The present moment as the vendor prints it."""
        return print_time(self.clock.now_at)

    @property
    def users(self) -> Iterable[User]:
        """Every user, in the order of their creation."""
        return self._users.values()

    def add(self, project_id: int, email: str, *, id_: int | None = None, created_at: str | None = None) -> User:
        """
        Add a user.

        Raises:
            ValueError: the project has the address already.
        """
        if (project_id, email.casefold()) in self._by_email:
            raise ValueError("the project has this address")
        if id_ is None:
            id_, self._next_user = self._next_user, self._next_user + 1
        at = created_at or self.now
        user = User(id_, project_id, email, at, at)
        self._users[id_] = user
        self._by_email[project_id, email.casefold()] = id_
        return user

    def find(self, user_id: str | int) -> User | None:
        """The user a path or a body names by id."""
        text = str(user_id)
        return self._users.get(int(text)) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None

    def find_by_email(self, project_id: str | int, email: str) -> User | None:
        """The user of a project with an address, whatever the case of its letters."""
        text = str(project_id)
        if not (text.isascii() and text.isdigit()):
            return None
        user_id = self._by_email.get((int(text), email.strip().casefold()))
        return None if user_id is None else self._users[user_id]

    def remove(self, user: User) -> None:
        """Erase a user."""
        del self._users[user.id]
        del self._by_email[user.project_id, user.email.casefold()]

    def opt_out(self, user: User, source_id: int, reason: str | None = None, at: str | None = None) -> bool:
        """Note that a user wants no mail; False when that was known already."""
        if user.opt_out is not None:
            return False
        moment = at or self.now
        user.opt_out = OptOut(source_id, reason or REASONS.get(source_id), moment, moment)
        return True

    def opted_out(self) -> Iterator[tuple[User, OptOut]]:
        """Every user who wants no mail, the oldest opt-out first."""
        found = [(user, user.opt_out) for user in self._users.values() if user.opt_out is not None]
        return iter(sorted(found, key=lambda pair: (pair[1].created_at, pair[0].id)))

    def new_mail_id(self) -> int:
        """The id of the next mail."""
        self._next_mail += 1
        return self._next_mail

    def new_push_id(self) -> int:
        """The id of the next browser that takes push messages."""
        self._next_push += 1
        return self._next_push
