"""What people see and send: the words of a page, the hidden fields of its form."""

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.pages import text_of


def words(response) -> str:
    """A page's text in one line, entities as characters."""
    return html.unescape(text_of(response))


def form_of(client, pk: int, address: str = "") -> dict[str, str]:
    """The hidden fields of the report's form as the page gives them."""
    return hidden(client.get(f"/bao-cao/{pk}/{address}").content.decode())


def hidden(page: str) -> dict[str, str]:
    form = page[page.index('id="phieu"') :] if 'id="phieu"' in page else page
    return {
        name: re.search(f'name="{name}" value="([^"]*)"', form)[1] for name in ("version", "token", "page")
    }


def xlsx(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
