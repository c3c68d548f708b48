"""Texts of a megabyte that nobody writes, made to take a reader long: each repeats what one of its patterns looks for."""

from collections.abc import Iterator
from itertools import count

MEGABYTE = 1_000_000  # characters
_HEAD = "ỦY BAN NHÂN DÂN QUẬN 3\nSố: 333/KH-UBND\nQuận 3, ngày 02 tháng 10 năm 2023\n"
_KIND = "KẾ HOẠCH\nTổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023\n"
_WORK = "III. TỔ CHỨC THỰC HIỆN\n1. Phòng Nội vụ:\n- Trước ngày 13/10/2023 gửi báo cáo "
_LETTER = "Kính gửi: Các công đoàn cơ sở\nBan Thường vụ đề nghị các đơn vị "

# Behind a head, so that every part of the reader gets to work; # counts up.
_REPEATED = {
    "one letter": "a",
    "one word": "học ",
    "ones": "1.",
    "ones, a line each": "1.\n",
    "numbers": "1. Việc #\n",
    "deeper": "1.1.1.1 ",
    "brackets": "(",
    "brackets and quotes": "((“",
    "open quotes": "“",
    "quotes": "“”",
    "straight quotes": '"',
    "căn cứ": "căn cứ ",
    "Căn cứ, a line each": "Căn cứ Luật số #\n",
    "dots": ".",
    "dots, blanks": ". ",
    "dots and slashes": "./",
    "ellipses": "…",
    "tabs": "\t",
    "tabs, letters": "a\t",
    "rows": "#\tNội dung\tngười\t\n",
    "blanks": " ",
    "empty lines": "\n",
    "blank lines": " \n",
    "dates": "ngày 02 tháng 10 năm 2023 ",
    "short dates": "02/10/2023-",
    "joined dates": "1-2/3 ",
    "digits": "1",
    "digits, slashes": "1/",
    "slashes": "/",
    "days": "ngày ",
    "from to": "từ ngày 2 đến ",
    "before": "trước ngày 2/3 ",
    "Kính gửi": "Kính gửi: ",
    "Kính gửi, a line each": "Kính gửi: Phòng #\n",
    "addressees": "- Phòng Nội vụ #;\n",
    "Nơi nhận": "Nơi nhận: ",
    "bodies": "Ủy ban nhân dân ",
    "bodies listed": "Phòng Nội vụ, ",
    "bodies in a bracket": "(Phòng Nội vụ, ",
    "bodies quoted": ", Phòng “a” ",
    "verbs": "phối hợp ",
    "reports": "báo cáo ",
    "reports by days": "báo cáo trước ngày 2/3/2023 ",
    "reports to bodies": "gửi báo cáo về Phòng ",
    "for bodies": "cho Phòng ",
    "through bodies": "qua Phòng ",
    "reports every year": "báo cáo hằng năm trước ngày 2/3 ",
    "percents": "100% ",
    "percents parted": "1%; ",
    "percents, a line each": "- 100% đơn vị #\n",
    "years to reach": "“đến năm 2030 ",
    "codes": "số 1/KH-",
    "kinds": "Kế hoạch số ",
    "laws": "Luật Giáo dục ",
    "about": "về việc ",
    "of": "của ",
    "dashes": "-",
    "items": "- a#\n",
    "dashes, blanks": "- ",
    "pluses": "+ a#\n",
    "stars": "*",
    "stars, letters": "*a",
    "hashes": "# ",
    "pipes": "|",
    "pipe rows": "|a|b|\n",
    "backslashes": "\\",
    "underscores": "_",
    "colons": ": ",
    "lines that lead": "Phòng Nội vụ #:\n",
    "semicolons": "; ",
    "semicolons in a bracket": "(;;;;;;;;;",
    "commas": ", ",
    "capitals": "A",
    "capital words": "KẾ HOẠCH ",
    "capital lines": "ỦY BAN #\n",
    "Roman": "I",
    "Roman, a line each": "I. VIỆC #\n",
    "letters, a line each": "a) việc #\n",
    "articles": "Điều #. Việc\n",
    "annexes": "Phụ lục #\n",
    "annexes of slogans": "Phụ lục I\nKHẨU HIỆU #\n",
    "mottoes": "Độc lập - Tự do #\n",
    "document numbers": "Số: #/KH-UBND\n",
    "place and day": "Quận #, ngày 2 tháng 1 năm 2023\n",
    "links": "https://a#.vn/",
    "links, a line each": "http://b#.com.vn\n",
    "autolinks": "<http://",
    "www": "www.",
    "mails": "a@",
    "mail dots": "a.",
    "whole mails": "a#@b.vn ",
    "hours": "8 giờ ",
    "ceremonies": "Lễ khai mạc ",
    "ceremonies on days": "Lễ khai mạc ngày 2 ",
    "weeks": "Tuần lễ ",
    "quoted weeks": "Tuần lễ “",
    "themes": "chủ đề ",
    "signatures": "TM. ỦY BAN #\n",
    "signature words": "TM. ",
    "names": "Nguyễn Văn A#\n",
    "side by side": "a    ",
    "hyphens at ends": "việ-\n",
    "unfinished lines": "công việc # này được\ntiếp tục ở các đơn vị và\n",
    "accents": "a\u0301",
    "bare accents": "\u0301",
    "zero widths": "\u200b",
    "slogans": "- “Học, học nữa #” (Lenin)\n",
    "charged": "có trách nhiệm ",
    "asks": "đề nghị ",
    "asks bodies": "đề nghị Phòng Nội vụ ",
    "headings and work": "1. Phòng Nội vụ #:\n- Việc\n",
    "open tags": "<",
    "tags": "<a>",
    "wide letters": "Ａ",
    "titles": "Ông Nguyễn ",
    "old letters": "ñaøo taïo cuûa ",
    "forms": "STT\tNội dung #\tĐơn vị\tSố lượng\n",
    "forms apart": "STT\tNội dung #\tĐơn vị\n\nvăn bản #\n",
}
_BOXES = "Số: 1/KH-UBND" + "\t" * 300_000 + "\n" + "a\t\n" * 300_000


def worst_texts(size: int = MEGABYTE) -> Iterator[tuple[str, str]]:
    """Name and text, each ``size`` long: behind a head, then as a subject, in one task, in a letter, as slogans."""
    for name, part in _REPEATED.items():
        repeated = "".join(_repeated(part, size))
        yield name, (_HEAD + _KIND + repeated)[:size]
        if "\n" not in part:
            yield f"{name}: subject", (_HEAD + "KẾ HOẠCH\nVề " + repeated)[:size]
            yield f"{name}: task", (_HEAD + _KIND + _WORK + repeated)[:size]
            yield f"{name}: letter", (_HEAD + _LETTER + repeated)[:size]
            yield f"{name}: leading", (_HEAD + _KIND + "I. VIỆC\n" + repeated)[: size - 8] + " sau:\n- a\n"
        else:
            yield f"{name}: below work", (_HEAD + _KIND + _WORK + "\n" + repeated)[:size]
            yield f"{name}: of slogans", (_HEAD + _KIND + "I. KHẨU HIỆU\n" + repeated)[:size]
    yield "boxes", (_HEAD + _BOXES)[:size]


def _repeated(part: str, size: int) -> Iterator[str]:
    length = 0
    for number in count():
        piece = part.replace("#", str(number)) if len(part) > 2 else part
        length += len(piece)
        yield piece
        if length > size:
            return
