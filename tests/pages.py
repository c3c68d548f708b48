"""Who asks for a page, and what an answer says."""

import html
import re


def sign_in(client, seat):
    """The test client, acting from that seat."""
    client.force_login(seat.user)
    session = client.session
    session["seat"] = seat.pk
    session.save()
    return client


def text_of(response) -> str:
    """The page as sent, each run of white space as one space."""
    return re.sub(r"\s+", " ", response.content.decode())


def words_of(response) -> str:
    """What is read: no tags, entities as their characters."""
    return html.unescape(re.sub(r"(<[^>]+>|\s)+", " ", response.content.decode()))
