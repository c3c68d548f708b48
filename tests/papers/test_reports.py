"""What stands above the signer's name (Nghị định 30/2020, Phụ lục I; signatures of the source documents)."""

import pytest

from hoctap.orgs.enums import Kind
from hoctap.orgs.models import Unit
from hoctap.papers.letterhead import signature


@pytest.mark.parametrize(
    ("kind", "authority", "position", "above", "own"),
    [
        # Letters 245/LĐLĐ and 432/LĐLĐ.
        (Kind.FEDERATION, "TM.", "Ban Thường vụ, Phó Chủ tịch", ("TM. Ban Thường vụ",), "Phó Chủ tịch"),
        (Kind.FEDERATION, "TM.", "Phó Chủ tịch", ("TM. Ban Thường vụ",), "Phó Chủ tịch"),
        (Kind.COMMITTEE, "KT.", "Phó Chủ tịch", ("TM. Ủy ban nhân dân", "KT. Chủ tịch"), "Phó Chủ tịch"),
        (Kind.COMMITTEE, "TM.", "Chủ tịch", ("TM. Ủy ban nhân dân",), "Chủ tịch"),
        (Kind.OFFICE, "KT.", "Phó Trưởng phòng", ("KT. Trưởng phòng",), "Phó Trưởng phòng"),
        (Kind.OFFICE, "TL.", "Chủ tịch, Chánh Văn phòng", ("TL. Chủ tịch",), "Chánh Văn phòng"),
        (Kind.OFFICE, "", "Trưởng phòng", (), "Trưởng phòng"),
    ],
)
def test_authority_of_the_signer(kind, authority, position, above, own):
    made = signature(
        {"authority": authority, "signer_position": position, "signer_name": "X"}, Unit(kind=kind)
    )
    assert (made.authority, made.position, made.name) == (above, own, "X")


def test_a_letter_not_yet_filled_in_has_room_for_everything():
    made = signature({}, Unit(kind=Kind.OFFICE))
    assert (made.authority, made.position, made.name) == ((), "", "")
