"""Composed documents on paper: read from the DOCX or the PDF they are written to, they say the same as their text."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from hoctap.directives.composing import body
from hoctap.directives.composition import Composition
from hoctap.directives.enums import DocumentKind
from hoctap.directives.reading import read
from hoctap.directives.reading.sources import text_of
from hoctap.papers.boxes import take_apart
from hoctap.papers.content import Paper, Signature
from hoctap.papers.docx import render_docx
from hoctap.papers.pdf import render_pdf
from tests.directives.test_composing import CV, FORM, NOTATIONS, SUBJECT, compositions, whole

SAID = (
    "addressees",
    "basis",
    "assignments",
    "deadlines",
    "targets",
    "slogans",
    "form",
    "signer",
    "recipients",
)


def paper(made: Composition, form=None) -> Paper:
    boxes = take_apart(body(made, form), subject=SUBJECT, signer="Vũ Thị Mỹ Ngọc")
    return Paper(
        issuing_body="Ủy ban nhân dân Quận 3", place="Quận 3", subject=SUBJECT, body=boxes.body,
        sign=Signature("Phó Chủ tịch", "Vũ Thị Mỹ Ngọc", ("KT. Chủ tịch",)), number=f"15/{NOTATIONS[made.kind]}",
        date=date(2026, 10, 2), kind=None if made.kind is CV else made.kind.label, addressees=boxes.addressees,
        bases=boxes.bases, recipients=("Như trên", "Lưu: VT, P.GD&ĐT"), appendices=boxes.appendices,
    )  # fmt: skip


def said(text: str) -> dict:
    found = read(text).as_json()
    return {key: found[key] for key in ("code", "date", "kind", *SAID)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(compositions())
def test_the_word_document_reads_as_its_text(drawn):
    made, _cited = drawn
    assert said(text_of("a.docx", render_docx(paper(made, FORM)))) == said(whole(made, FORM))


@pytest.mark.parametrize("kind", [DocumentKind.KH, DocumentKind.CV, DocumentKind.QD])
def test_the_pdf_reads_as_its_text(kind):
    from tests.directives.test_compose import CLAUSES

    addressees = ("Ủy ban nhân dân 12 phường",) if kind is CV else ()
    made = Composition(**vars(CLAUSES) | {"kind": kind, "subject": SUBJECT, "addressees": addressees})
    told, there = said(text_of("a.pdf", render_pdf(paper(made)))), said(whole(made))
    assert told == there
