"""The words of the screens: collect them, compile them, check that they are whole.

``python tools/messages.py update`` after changing words in code, then fill in src/hoctap/locale, then ``compile``.
``check`` fails on anything missing, fuzzy, stale or not compiled; only a missing English text is let pass (the screen
then says it in Vietnamese): ``missing`` lists those.

Code says the words of the frame in English (translated in locale/vi) and officers' own terms in Vietnamese, as they
stand in the documents (translated in locale/en); ``update`` copies Vietnamese source into locale/vi as it is.
locale_borrowed is kept by hand: what Django and allauth leave untranslated.
"""

import re
import sys
from copy import deepcopy
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
OURS = ROOT / "src/hoctap/locale/vi/LC_MESSAGES/django.po"
ENGLISH = ROOT / "src/hoctap/locale/en/LC_MESSAGES/django.po"
BORROWED = ROOT / "src/hoctap/locale_borrowed/vi/LC_MESSAGES/django.po"
_VIETNAMESE = re.compile(
    "[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE
)
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "pgettext_lazy": ((1, "c"), 2),
    "ngettext_lazy": (1, 2),
}


def load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="django")


def save(path: Path, catalogue: Catalog) -> None:
    """Without line numbers, dates and tool names: a change of words is then the only change in the file."""
    out = BytesIO()
    write_po(out, catalogue, sort_by_file=True, include_lineno=False, width=110)
    noise = (
        b'"Report-Msgid',
        b'"POT-Creation',
        b'"PO-Revision',
        b'"Last-Trans',
        b'"Language-Team',
        b'"Generated',
    )
    path.write_bytes(b"".join(line for line in out.getvalue().splitlines(True) if not line.startswith(noise)))


def collected() -> Catalog:
    """Every message of the code, with the files it stands in."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog(domain="django")
    for file, line, message, comments, context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return found


def update() -> None:
    code = collected()
    for path in (OURS, ENGLISH):
        catalogue = load(path)
        by_hand = {key for key, text in texts(catalogue).items() if text}
        catalogue.update(
            deepcopy(code), no_fuzzy_matching=True, update_creation_date=False
        )  # it keeps what it is given
        catalogue.obsolete.clear()
        for message in list(catalogue):
            vietnamese = bool(_VIETNAMESE.search(_key(message.id)))
            if path == OURS and vietnamese and not message.pluralizable:
                message.string = message.id
            if path == ENGLISH and not vietnamese and (message.context, _key(message.id)) not in by_hand:
                catalogue.delete(_key(message.id), message.context)
        save(path, catalogue)


def compiled(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = datetime(2023, 10, 2, tzinfo=UTC)  # not the clock's
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def compile_all() -> None:
    for path in (OURS, ENGLISH, BORROWED):
        path.with_suffix(".mo").write_bytes(compiled(load(path)))


def texts(catalogue: Catalog) -> dict:
    return {(message.context, _key(message.id)): message.string for message in catalogue if message.id}


def wrong(path: Path) -> list[str]:
    """What keeps one catalogue from being whole."""
    catalogue = load(path)
    said = []
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.fuzzy:
            said.append(f"fuzzy: {message.id!r}")
        elif not all(strings) and path != ENGLISH:
            said.append(f"missing: {message.id!r}")
        said += [f"wrong: {message.id!r}: {error}" for error in message.check(catalogue)]
    if catalogue.obsolete:
        said.append(f"stale: {sorted(map(str, catalogue.obsolete))}")
    mo = path.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        said.append(f"not compiled: {mo.relative_to(ROOT)}; run tools/messages.py compile")
    return said


def check() -> list[str]:
    said = [*wrong(OURS), *wrong(ENGLISH), *wrong(BORROWED)]
    used, vietnamese, english = (
        set(texts(catalogue)) for catalogue in (collected(), load(OURS), load(ENGLISH))
    )
    said += [f"not in the catalogue: {text!r}" for _context, text in sorted(used - vietnamese, key=str)]
    said += [f"stale: {text!r}" for _context, text in sorted((vietnamese | english) - used, key=str)]
    return said


def _key(message_id) -> str:
    return message_id[0] if isinstance(message_id, (tuple, list)) else message_id


def main() -> int:
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "update":
        update()
    elif command == "compile":
        compile_all()
    elif command == "check":
        found = check()
        print("\n".join(found) or "The words are whole.")
        return 1 if found else 0
    elif command == "missing":
        print("\n".join(text for (_context, text), english in texts(load(ENGLISH)).items() if not english))
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
