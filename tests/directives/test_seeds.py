"""The five source documents in the demo world, against what their texts print."""

import unicodedata
from datetime import date

import pytest

from hoctap.cli.demo import documents, people, units
from hoctap.directives.models import Directive
from hoctap.directives.queries import Filters, search


@pytest.fixture
def world(db):
    found = units.found_all()
    seats = people.seat_all(found)
    return seats, documents.register_seeds(found, seats)


PRINTED = {
    # number, notation, kind, date, place, issuer, authority, position, signer
    "000": ("245", "LĐLĐ", "CV", date(2023, 9, 29), "Gò Vấp", "Liên đoàn Lao động quận Gò Vấp",
            "TM.", "Ban Thường vụ, Phó Chủ tịch", "Trần Thị Bích Thuận"),
    "001": ("432", "LĐLĐ", "CV", date(2024, 5, 7), "Tp. Thủ Đức", "Liên đoàn Lao động thành phố Thủ Đức",
            "TM.", "Ban Thường vụ, Phó Chủ tịch", "Trần Phước Hùng"),
    "002": ("32", "CDYT", "CV", date(2022, 2, 8), "Thái Bình", "Công đoàn ngành Y tế Thái Bình",
            "TM.", "Ban Thường vụ, Chủ tịch", "Đào Văn Truyền"),
    "003": ("333", "KH-UBND", "KH", date(2023, 10, 2), "Quận 3", "Ủy ban nhân dân Quận 3",
            "KT.", "Chủ tịch, Phó Chủ tịch", "Vũ Thị Mỹ Ngọc"),
    "004": ("", "", "KH", None, "", "Công đoàn Giáo dục Thành phố Hồ Chí Minh", "", "", ""),
}  # fmt: skip


def test_particulars_text_and_receivers(world):
    _, made = world
    assert made.keys() == PRINTED.keys()
    for name, printed in PRINTED.items():
        d = Directive.objects.get(pk=made[name].pk)
        assert (
            d.number, d.notation, d.kind, d.issued_on, d.place, d.issuer_name, d.authority, d.signer_position,
            d.signer_name,
        ) == printed  # fmt: skip
        assert d.issuer == d.registered_by
        assert d.status == "issued"
        assert d.text.body == unicodedata.normalize("NFC", documents.text_of(name)).strip("\n ")
    assert made["002"].number_text == "32 /CDYT"
    assert made["003"].number_text == "333 /KH-UBND"
    assert [d.deliveries.count() for d in made.values()] == [6, 4, 5, 1 + 1 + 14 + 12 + 4, 4]


def test_every_number_a_text_cites_is_listed(world):
    _, made = world
    cited = {name: {c.number_key for c in d.citations.all()} for name, d in made.items()}
    assert cited["000"] == {"1118/ldld-tg", "305/cv-btgqu"}
    assert cited["001"] == {"433/ldld-tg", "9/hd-ldld", "10/hd-ldld", "1268/qd-ttg", "24/tt-bgddt"}
    assert cited["002"] == {"1141/ldld"}
    assert cited["003"] == {
        *("4753/kh-ubnd", "5511/kh-sgddt", "49/kl-tw", "11/ct-tw", "281/qd-ttg", "4/ct-tu", "14/ct-ttg"),
        "1373/qd-ttg",
    }
    assert len(cited["004"]) == 13
    bases = {name: d.citations.filter(is_basis=True).count() for name, d in made.items()}
    assert bases == {"000": 2, "001": 1, "002": 1, "003": 2, "004": 1}


def test_found_by_their_words(world):
    seats, made = world

    def found(user: str, text: str) -> list[int]:
        return [row.pk for row in search(seats[user], Filters(text=text))[0]]

    assert found("chuyenvien.pgd", "tuan le huong ung hoc tap suot doi") == [made["003"].pk]
    assert found("chuyenvien.pgd", "xe loa tuyên truyền") == [made["003"].pk]
    assert found("chuyenvien.p10", "333/KH") == [made["003"].pk]
    assert found("chuyenvien.govap", "nhung tam guong binh di") == [made["000"].pk]
    assert found("cs1.govap", "245") == [made["000"].pk]
    # The federation of the city stands above Gò Vấp, Thủ Đức, the education union and Quận 3's federation.
    above = found("chuyenvien.ldldtp", "xay dung xa hoi hoc tap")
    assert above[0] in (made["004"].pk, made["001"].pk)  # in the subject, not only in the text
    assert set(above) == {made[name].pk for name in ("000", "001", "003", "004")}
    assert found("chuyenvien.p10", "“nhung tam guong binh di”") == []
