"""What an answer says."""

import html
import re


def text_of(response) -> str:
    """The page as sent, each run of white space as one space."""
    return re.sub(r"\s+", " ", response.content.decode())


def words_of(response) -> str:
    """What is read: no tags, entities as their characters."""
    return html.unescape(re.sub(r"<[^>]+>|\s+", " ", response.content.decode()))
