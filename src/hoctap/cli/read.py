"""`hoctap read`: what a directive orders, with the words each value comes from. No database, no server."""

import argparse
import json
import sys
from pathlib import Path

from hoctap.directives.reading import read
from hoctap.directives.reading.sources import LIMIT, TYPES, text_of
from hoctap.kernel.errors import Refusal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help=f"document ({', '.join(TYPES)}), or - for text from standard input"
    )
    parser.add_argument(
        "--json", action="store_true", help="print every key (otherwise a summary to look at)"
    )
    parser.add_argument(
        "--text", action="store_true", help="with --json: the normalised text that evidence points into, too"
    )
    parser.epilog = "Exit status: 0 read, 1 the file cannot be read or is no directive."


def run(args: argparse.Namespace) -> int:
    reading = read(_raw(args.file))
    for note in reading.notes:
        print(note, file=sys.stderr)
    found = reading.as_json()
    if args.json:
        if args.text:
            found["text"] = reading.text
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print(_summary(found))
    return 0 if found["evidence"] else 1


def _raw(name: str) -> str:
    try:
        if name == "-":
            return text_of(name, sys.stdin.buffer.read(LIMIT + 1))
        with open(name, "rb") as file:
            return text_of(Path(name).name, file.read(LIMIT + 1))
    except FileNotFoundError:
        raise Refusal(f"Không thấy tệp {name}. Kiểm tra lại tên và thư mục.") from None
    except IsADirectoryError:
        raise Refusal(f"{name} là thư mục. Hãy nêu tên một tệp trong đó.") from None
    except OSError:
        raise Refusal(f"Không mở được tệp {name}. Kiểm tra lại quyền đọc tệp.") from None


def _summary(found: dict) -> str:
    """A line for each thing understood."""
    lines = [
        f"Số, ký hiệu: {found['code'] or '–'}; ngày {found['date'] or '–'}; {found['issuer'] or 'không rõ nơi ban hành'}",
        f"Trích yếu: {found['subject'] or '–'}",
        *(f"Kính gửi: {name}" for name in found["addressees"]),
        *(f"Căn cứ: {cited['code'] or cited['title']}" for cited in found["basis"]),
        *(
            f"Đợt: {held['name']} ({held['start'] or '?'} – {held['end'] or '?'})"
            for held in found["campaigns"]
        ),
        *(
            f"Hạn: {_due(due)}: {due['what']} ({', '.join(due['from']) or 'không nêu ai'})"
            for due in found["deadlines"]
        ),
        *(
            f"Giao: {', '.join(given['assignees']) or 'việc chung'}: {len(given['tasks'])} việc"
            for given in found["assignments"]
        ),
        *(f"Chỉ tiêu: {target['text']}" for target in found["targets"]),
        f"Khẩu hiệu: {len(found['slogans'])}",
        f"Biểu mẫu: {found['form']['title'] if found['form'] else '–'}",
    ]
    return "\n".join(lines)


def _due(due: dict) -> str:
    if due["stated"]:
        return f"{'' if due['inclusive'] else 'trước '}{due['stated']}"
    return "hằng năm, hằng quý hoặc hằng tháng" if due["recurrence"] else "theo quy định"
