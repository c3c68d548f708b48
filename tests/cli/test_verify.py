"""A credential is checked from two files, without Hoctap running and without a network."""

import json

import pytest

from hoctap.cli.main import main
from hoctap.kernel.signing import new_keys, public_keys, sign

CLAIMS = {
    "issuer": {"name": "Phòng Giáo dục và Đào tạo Quận 3"},
    "validFrom": "2023-10-20T01:00:00Z",
    "credentialSubject": {
        "identifier": [{"identityHash": "Nguyễn Thị Hoa", "identityType": "name"}],
        "achievement": {"name": "Lớp kỹ năng số", "criteria": {"narrative": "Đã dự 3 buổi."}},
    },
    "credentialStatus": {"id": "https://hoctap.example.vn/chung-nhan/x/tinh-trang.json"},
}
ADDRESS = "https://hoctap.example.vn/chung-nhan/khoa/"


@pytest.fixture
def files(tmp_path):
    keys = new_keys()
    (tmp_path / "a.jwt").write_text(sign(CLAIMS, keys, ADDRESS))
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": public_keys(keys, ADDRESS)}))
    (tmp_path / "others.json").write_text(json.dumps({"keys": public_keys(new_keys(), ADDRESS)}))
    (tmp_path / "none.json").write_text("[]")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    return tmp_path


def test_a_signed_credential_says_whose_it_is(files, capsys):
    assert main(["verify", str(files / "a.jwt"), "--keys", str(files / "jwks.json")]) == 0
    said = capsys.readouterr().out
    for word in (
        "Nguyễn Thị Hoa",
        "Lớp kỹ năng số",
        "Phòng Giáo dục và Đào tạo Quận 3",
        "20/10/2023",
        "Chữ ký đúng.",
    ):
        assert word in said


@pytest.mark.parametrize(
    ("credential", "keys"),
    [("a.jwt", "others.json"), ("a.jwt", "none.json"), ("jwks.json", "jwks.json"), ("a.jwt", "gone.json"),
     ("picture.png", "jwks.json")],
)  # fmt: skip
def test_anything_else_is_refused_in_words(files, capsys, credential, keys):
    assert main(["verify", str(files / credential), "--keys", str(files / keys)]) == 1
    told = capsys.readouterr()
    assert told.out == "" and ("chữ ký không đúng" in told.err or "Không đọc được" in told.err)
