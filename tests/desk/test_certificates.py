"""Certificates on screen: issuing to a class, the checking page in its three states, credentials that others verify."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from django.urls import reverse
from joserfc.jwk import OKPKey

from hoctap.activities.actions.certifying import issue_certificates, replace_certificate, revoke_certificate
from hoctap.activities.models import Certificate
from hoctap.kernel.signing import NotSigned, new_keys, sign, verified
from hoctap.people.models import Person
from tests.browser import NARROW, WIDE, axe, fits
from tests.learning import PIN, attend, card, held_class, learner
from tests.pages import text_of, words_of
from tests.papers.looking import opened


@pytest.fixture
def activity(cast):
    made = held_class(cast.pgd_officer, 3)
    for name, count in (("Nguyễn Thị Hoa", 3), ("Trần Văn Bình", 1)):
        attend(made, learner(cast.pgd, name), count)
    return made


@pytest.fixture
def one(cast, activity) -> Certificate:
    return issue_certificates(seat=cast.pgd_leader, activity=activity, share=80, position="Trưởng phòng")[0]


def check(one: Certificate):
    return Client().get(reverse("certificate", args=[one.token]))


# ---- issuing ----


def test_a_leader_issues_to_those_ticked(cast, activity, signed_in):
    client, address = signed_in(cast.pgd_leader), reverse("certificates", args=[activity.pk])
    page = text_of(client.get(f"{address}?share=30"))
    assert "Đủ 30% số buổi: 2 người" in page
    assert "Đủ 80% số buổi: 1 người" in text_of(client.get(address))
    hoa = Person.objects.get(full_name="Nguyễn Thị Hoa")
    answer = client.post(address, {"share": 30, "position": "Trưởng phòng", "person": [hoa.pk]}, follow=True)
    assert "Đã cấp 1 chứng nhận." in words_of(answer)
    assert [c.name for c in Certificate.objects.all()] == ["Nguyễn Thị Hoa"]
    again = client.post(address, {"share": 30, "position": "Trưởng phòng", "person": [hoa.pk]}, follow=True)
    assert "Không có ai mới để cấp" in words_of(again) and Certificate.objects.count() == 1


def test_a_form_without_position_issues_nothing(cast, activity, signed_in):
    answer = signed_in(cast.pgd_leader).post(reverse("certificates", args=[activity.pk]), {"share": 30})
    assert answer.status_code == 422 and not Certificate.objects.exists()


@pytest.mark.parametrize(
    ("seat", "status"), [("pgd_officer", 403), ("p1_leader", 404), ("stranger_leader", 404)]
)
def test_others_neither_see_nor_issue(cast, activity, signed_in, seat, status):
    client = signed_in(getattr(cast, seat))
    assert client.get(reverse("certificates", args=[activity.pk])).status_code == status


def test_a_wrong_name_is_replaced_and_a_wrong_one_taken_back_on_screen(cast, one, signed_in):
    client = signed_in(cast.pgd_leader)
    address = reverse("certificates-replace", args=[one.activity_id, one.pk])
    assert client.post(address, {"name": one.name, "position": "Trưởng phòng"}).status_code == 422
    assert client.post(address, {"name": "Nguyễn Thị Hòa", "position": "Trưởng phòng"}).status_code == 302
    new = Certificate.objects.get(name="Nguyễn Thị Hòa")
    address = reverse("certificates-revoke", args=[one.activity_id, new.pk])
    assert client.post(address, {"reason": "Điểm danh nhầm"}).status_code == 302
    page = words_of(client.get(reverse("certificates", args=[one.activity_id])))
    assert "Đã được thay" in page and "Điểm danh nhầm" in page


# ---- checking ----


def test_anybody_with_the_qr_sees_the_state_and_no_more(cast, one):
    page = words_of(check(one))
    assert "Còn hiệu lực." in page and one.name in page and "Phòng Giáo dục và Đào tạo Quận 3" in page
    assert "1985" not in page
    revoke_certificate(seat=cast.pgd_leader, certificate=one, reason="Điểm danh nhầm buổi 2")
    page = words_of(check(one))
    assert "Đã thu hồi ngày" in page and "Điểm danh nhầm" not in page and "Còn hiệu lực" not in page


def test_a_replaced_one_leads_to_the_newer(cast, one):
    new = replace_certificate(seat=cast.pgd_leader, certificate=one, name="Nguyễn Thị Hòa")
    page = text_of(check(one))
    assert reverse("certificate", args=[new.token]) in page and "Đã thay bằng bản khác" in page
    assert "Còn hiệu lực" in text_of(check(new))


def test_a_checking_page_is_in_no_search_engine_and_tells_no_other_site(one):
    answer = check(one)
    assert "noindex" in answer["X-Robots-Tag"] and answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store" and 'name="robots"' in answer.content.decode()
    assert Client().get(reverse("certificate", args=["0" * 32])).status_code == 404


@pytest.mark.parametrize(
    ("number", "name", "found"),
    [
        ("{}", "nguyen thi hoa", True),
        (" {} ", "NGUYỄN THỊ HOA", True),
        ("{}", "Trần Văn Bình", False),
        ("{}", "", False),
        ("99/2026/CN-HCM-Q3-PGD", "Nguyễn Thị Hoa", False),
        ("\0", "Nguyễn Thị Hoa", False),
    ],
)
def test_a_typed_number_needs_the_name_too(one, number, name, found):
    answer = Client().post(reverse("certificate-find"), {"number": number.format(one.number), "name": name})
    if found:
        assert answer["Location"] == reverse("certificate", args=[one.token])
    else:
        assert answer.status_code == 422 and one.name not in words_of(answer).replace(name or "-", "")


def test_numbers_are_not_tried_by_the_hundred(one, db):
    client, statuses = Client(), []
    for n in range(31):
        answer = client.post(reverse("certificate-find"), {"number": f"{n}/2026/CN-HCM-Q3-PGD", "name": "x"})
        statuses.append(answer.status_code)
    assert statuses == [422] * 30 + [429]


# ---- credentials ----


@pytest.fixture
def token(one, settings) -> str:
    settings.CREDENTIAL_KEYS, settings.SITE_URL = new_keys(), "https://hoctap.example.vn"
    client = Client()
    client.post(reverse("card", args=[card(one.person).token]), {"pin": PIN})
    answer = client.get(reverse("mine-credential", args=[one.pk]))
    assert answer["Content-Type"] == "application/vc+jwt"
    return answer.content.decode()


def part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_plain_cryptography_verifies_the_signature(token):
    head, body, signature = token.split(".")
    header = json.loads(part(head))
    path = header["kid"].removeprefix("https://hoctap.example.vn")
    answer = Client().get(path)
    key = answer.json()
    assert key["kid"] == header["kid"] and answer["Access-Control-Allow-Origin"] == "*"
    n, e = (int.from_bytes(part(key[name]), "big") for name in "ne")
    public = RSAPublicNumbers(e, n).public_key()
    assert public.key_size >= 2048
    public.verify(part(signature), f"{head}.{body}".encode(), PKCS1v15(), SHA256())
    assert [one["kid"] for one in Client().get("/.well-known/jwks.json").json()["keys"]] == [header["kid"]]


def test_it_verifies_without_asking_us_also_after_the_key_changed(token, one, settings):
    old = json.loads(settings.CREDENTIAL_KEYS)["keys"]
    settings.CREDENTIAL_KEYS = json.dumps({"keys": [*json.loads(new_keys())["keys"], *old]})
    published = Client().get("/.well-known/jwks.json").json()
    assert len(published["keys"]) == 2
    assert verified(token, published)["credentialSubject"]["identifier"][0]["identityHash"] == one.name
    head, body, signature = token.split(".")
    changed = base64.urlsafe_b64encode(part(body).replace(b"Hoa", b"Hoe")).rstrip(b"=").decode()
    for bad in (f"{head}.{changed}.{signature}", "khong phai", f"{head}.{body}."):
        with pytest.raises(NotSigned):
            verified(bad, published)
    with pytest.raises(NotSigned):
        verified(token, {"keys": json.loads(new_keys())["keys"]})


def test_what_a_key_of_before_signed_still_verifies(token, settings):
    """Sets made when Ed25519 signed."""
    old = OKPKey.generate_key("Ed25519").as_dict(private=True)
    signed = sign({"name": "Hoa"}, json.dumps({"keys": [old]}), "https://hoctap.example.vn/chung-nhan/khoa/")
    settings.CREDENTIAL_KEYS = json.dumps({"keys": [*json.loads(settings.CREDENTIAL_KEYS)["keys"], old]})
    published = Client().get("/.well-known/jwks.json").json()
    assert [key["alg"] for key in published["keys"]] == ["RS256", "EdDSA"]
    assert verified(signed, published) == {"name": "Hoa"}
    assert verified(token, published)["type"] == ["VerifiableCredential", "OpenBadgeCredential"]


def test_none_is_given_of_one_that_is_no_longer_valid(cast, one, settings):
    settings.CREDENTIAL_KEYS = new_keys()
    client = Client()
    client.post(reverse("card", args=[card(one.person).token]), {"pin": PIN})
    revoke_certificate(seat=cast.pgd_leader, certificate=one, reason="Điểm danh nhầm")
    for name in ("mine-credential", "mine-certificate"):
        assert "không còn hiệu lực" in words_of(client.get(reverse(name, args=[one.pk])))


def test_without_a_key_the_reader_is_told_whom_to_ask(one):
    client = Client()
    client.post(reverse("card", args=[card(one.person).token]), {"pin": PIN})
    answer = client.get(reverse("mine-credential", args=[one.pk]))
    assert answer.status_code != 200 and "HOCTAP_CREDENTIAL_KEYS" in words_of(answer)


# ---- in a browser ----


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_pages_fit_and_can_be_reached(cast, one, browse, width):
    replace_certificate(seat=cast.pgd_leader, certificate=one, name="Nguyễn Thị Hòa")
    attend(one.activity, learner(cast.pgd, "Phạm Thị Dung"))
    pages = [
        (reverse("certificates", args=[one.activity_id]), cast.pgd_leader),
        (
            reverse("certificates-revoke", args=[one.activity_id, Certificate.objects.latest("pk").pk]),
            cast.pgd_leader,
        ),
        (reverse("certificate-find"), None),
        (reverse("certificate", args=[one.token]), None),
    ]
    for path, seat in pages:
        page = browse(path, seat=seat, width=width)
        assert axe(page) == [] and fits(page), path


@pytest.mark.browser
def test_a_number_is_checked_without_scripts(one, browse):
    page = browse(reverse("certificate-find"), width=NARROW, javascript=False)
    page.fill("#number", one.number)
    page.fill("#name", "nguyen thi hoa")
    page.click("main button[type=submit]")
    page.get_by_text("Còn hiệu lực.").wait_for()


def test_a_big_class_is_printed_in_several_files(cast, activity, signed_in, monkeypatch):
    for n in range(4):
        attend(activity, learner(cast.pgd, f"Trần Văn Đông {n}"))
    issue_certificates(seat=cast.pgd_leader, activity=activity, share=80, position="Trưởng phòng")
    for module in ("views", "screen"):
        monkeypatch.setattr(f"hoctap.desk.certificates.{module}.IN_ONE_FILE", 3)
    client = signed_in(cast.pgd_leader)
    page = words_of(client.get(reverse("certificates", args=[activity.pk])))
    assert "In bản 1–3 (PDF)" in page and "In bản 4–5 (PDF)" in page
    address = reverse("certificates-pdf", args=[activity.pk])
    sheets = []
    for part in (1, 2):
        with opened(client.get(f"{address}?phan={part}").content) as pdf:
            sheets.append(len(pdf.pages))
    assert sheets == [3, 2]
    assert "Chưa có chứng nhận" in words_of(client.get(f"{address}?phan=3"))


def test_an_invented_unit_says_so_on_its_certificates(cast, one, signed_in):
    type(cast.pgd).objects.filter(pk=cast.pgd.pk).update(is_demo=True)
    answer = signed_in(cast.pgd_leader).get(reverse("certificates-pdf", args=[one.activity_id]))
    with opened(answer.content) as pdf:
        assert "Số liệu minh họa" in pdf.pages[0].extract_text()
