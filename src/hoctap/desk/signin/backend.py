"""Who is at the screen, in one query: the user of a session with the seats held today and what is new for each."""

from allauth.account.auth_backends import AuthenticationBackend

from hoctap.kernel import clock
from hoctap.kernel.prepared import Prepared
from hoctap.notify.queries import with_unread
from hoctap.orgs.models import Seat
from hoctap.orgs.queries import seats_of
from hoctap.people.models import User

_SEATS: Prepared[Seat] = Prepared(lambda user, today: with_unread(seats_of(user, today)), "user", "today")


class SeatsBackend(AuthenticationBackend):
    """allauth signs people in; every later request finds them here."""

    def get_user(self, user_id: int) -> User | None:
        """The user with ``seats_today``; one without a seat comes alone."""
        seats = _SEATS(user=user_id, today=clock.today())
        if not seats:
            return super().get_user(user_id)
        user = seats[0].user
        user.seats_today = seats
        return user
