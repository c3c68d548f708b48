"""``hoctap first``: the first unit of an empty Hoctap and the person who administers it."""

import argparse

from hoctap.cli.environment import add_data_argument, database
from hoctap.kernel.errors import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--unit", required=True, metavar="NAME", help="full name of the unit")
    parser.add_argument("--short", required=True, metavar="NAME", help="its short name, as on lists")
    parser.add_argument("--code", required=True, help="its code in addresses: small letters, digits, hyphens")
    parser.add_argument(
        "--kind", default="other", help="kind of unit (default: other), e.g. committee, federation"
    )
    parser.add_argument("--line", default="territory", help="line it is the root of (default: territory)")
    parser.add_argument("--username", required=True, help="sign-in name of the administrator")
    parser.add_argument("--name", required=True, metavar="NAME", help="full name of the administrator")
    add_data_argument(parser)


def run(args: argparse.Namespace) -> int:
    with database(args.data, "first"):
        from django.db import transaction

        from hoctap.kernel import clock
        from hoctap.orgs.actions import found_unit, seat_person
        from hoctap.orgs.enums import Kind, Line, Role
        from hoctap.orgs.models import Unit

        if args.kind not in Kind.values or args.line not in Line.values:
            raise Refusal(
                f"--kind là một trong: {', '.join(Kind.values)}. --line là một trong: {', '.join(Line.values)}."
            )
        with transaction.atomic():
            if Unit.objects.exists():
                raise Refusal(
                    "Hệ thống đã có đơn vị. Thêm đơn vị và tài khoản ở mục Đơn vị, bằng vị trí quản trị."
                )
            today = clock.today()
            unit = found_unit(
                seat=None,
                code=args.code,
                kind=args.kind,
                name=args.unit,
                short_name=args.short,
                since=today,
                parents={Line(args.line): None},
            )
            _, password = seat_person(
                seat=None,
                username=args.username,
                full_name=args.name,
                email="",
                unit=unit,
                role=Role.ADMIN,
                since=today,
            )
    print(f"Đã lập {unit.name}. Đăng nhập bằng {args.username}, mật khẩu dùng một lần: {password}")
    return 0
