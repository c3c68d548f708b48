"""The words of the screens: collect them, compile them, check that they are whole.

``python tools/messages.py update`` after changing words in code, then fill in src/hoctap/locale/en, then ``compile``.
``check`` fails on anything missing, fuzzy, stale or not compiled; ``missing`` lists what has no English yet.

Code says everything in Vietnamese, as it stands in the documents; locale/en is the English. The names of choices and of
acts are read from their tables (``*/enums.py``, ``orgs/roles.py``). locale_borrowed is kept by hand: what Django and
allauth leave without Vietnamese.
"""

import importlib
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.db.models import TextChoices

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
ENGLISH = SOURCE / "hoctap/locale/en/LC_MESSAGES/django.po"
BORROWED = SOURCE / "hoctap/locale_borrowed/vi/LC_MESSAGES/django.po"
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
    for file, label in names():
        found.add(label, None, [(file, 1)])
    return found


def names() -> list[tuple[str, str]]:
    """What choices and acts are called, each with the file that says so."""
    sys.path.insert(0, str(SOURCE))
    roles = importlib.import_module("hoctap.orgs.roles")
    found = [("src/hoctap/orgs/roles.py", label) for label, _who in roles.ACTIONS.values()]
    for path in sorted(SOURCE.glob("hoctap/*/enums.py")):
        module = importlib.import_module(f"hoctap.{path.parent.name}.enums")
        kinds = [each for each in vars(module).values() if isinstance(each, type(TextChoices))]
        found += [(str(path.relative_to(ROOT)), label) for kind in kinds for label in kind.labels]
    return [(file, label) for file, label in found if any(map(str.isalpha, label))]


def update() -> None:
    english = load(ENGLISH)
    english.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    english.obsolete.clear()
    save(ENGLISH, english)


def compiled(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = datetime(2023, 10, 2, tzinfo=UTC)  # not the clock's
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def compile_all() -> None:
    for path in (ENGLISH, BORROWED):
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
        elif not all(strings):
            said.append(f"missing: {message.id!r}")
        said += [f"wrong: {message.id!r}: {error}" for error in message.check(catalogue)]
    if catalogue.obsolete:
        said.append(f"stale: {sorted(map(str, catalogue.obsolete))}")
    mo = path.with_suffix(".mo")
    if not mo.exists() or mo.read_bytes() != compiled(catalogue):
        said.append(f"not compiled: {mo.relative_to(ROOT)}; run tools/messages.py compile")
    return said


def check() -> list[str]:
    used, english = set(texts(collected())), set(texts(load(ENGLISH)))
    said = wrong(ENGLISH) + wrong(BORROWED)
    said += [f"not in the catalogue: {text!r}" for _context, text in sorted(used - english, key=str)]
    said += [f"stale: {text!r}" for _context, text in sorted(english - used, key=str)]
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
