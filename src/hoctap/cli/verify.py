"""``hoctap verify FILE --keys JWKS``: whether a learner's credential was signed by the keys given; no network is used.

The keys are what ``/.well-known/jwks.json`` of the issuing Hoctap answers, kept as a file. Whether the certificate was taken
back since is only known there: the address is printed.
"""

import argparse
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from hoctap.kernel.errors import Refusal
from hoctap.kernel.signing import NotSigned, verified


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="the credential (.jwt), as the learner downloaded it")
    parser.add_argument(
        "--keys",
        metavar="JWKS",
        required=True,
        help="file with the issuer's public keys (/.well-known/jwks.json)",
    )


def run(args: argparse.Namespace) -> int:
    """0 when the signature holds; a Refusal, and 1, when it does not."""
    try:
        published = json.loads(_read(args.keys))
        claims = verified(_read(args.file), published)
    except (NotSigned, ValueError, KeyError, TypeError, AttributeError):
        raise Refusal(
            f"{args.file}: chữ ký không đúng với các khóa trong {args.keys}. Không dùng bản này."
        ) from None
    for name, value in _said(claims):
        print(f"{name}: {value}")
    print("Chữ ký đúng.")
    return 0


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refusal(f"Không đọc được {path}. Xem lại đường dẫn và loại tệp.") from None


def _said(claims: dict[str, Any]) -> list[tuple[str, str]]:
    subject = claims["credentialSubject"]
    who = next(one["identityHash"] for one in subject["identifier"] if one["identityType"] == "name")
    return [
        ("Họ tên", who),
        ("Nội dung", subject["achievement"]["name"]),
        ("Kết quả", subject["achievement"]["criteria"]["narrative"]),
        ("Đơn vị cấp", claims["issuer"]["name"]),
        ("Ngày cấp", f"{datetime.fromisoformat(claims['validFrom']):%d/%m/%Y}"),
        ("Còn hiệu lực hay đã thu hồi, xem tại", claims["credentialStatus"]["id"]),
    ]
