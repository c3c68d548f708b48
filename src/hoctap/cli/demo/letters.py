"""Phần lời minh họa: the signed letter around a unit's figures, in the words such reports use."""

import random

from hoctap.cli.demo.figures import position
from hoctap.cli.demo.people import OFFICES
from hoctap.forms.figures import format_figure
from hoctap.forms.spec import FormSpec
from hoctap.kernel import clock
from hoctap.reports.actions import Content

_DIFFICULTIES = (
    "Thời gian từ khi có kế hoạch đến khi bắt đầu Tuần lễ ngắn.",
    "Lớp trực tuyến ít người lớn tuổi tham gia.",
    "Một lớp ghi tay nên số liệu vào muộn.",
    "Kinh phí còn hạn chế, chủ yếu lồng ghép với hoạt động thường xuyên.",
)
_PROPOSALS = (
    "Đề nghị Quận hỗ trợ máy tính cho Trung tâm học tập cộng đồng.",
    "Đề nghị gửi biểu mẫu số liệu cùng lúc với kế hoạch.",
    "Đề nghị tổ chức tập huấn khai thác học liệu mở cho báo cáo viên.",
    "",
)
_OTHERS = (
    "Tổ chức “Ngày hội đọc sách trực tuyến”, 3 buổi giới thiệu sách.",
    "Ra mắt 01 “Tủ sách học tập suốt đời”.",
    "Biểu diễn văn nghệ tuyên truyền tại 02 khu phố.",
    "",
    "",
    "",
    "",
    "",
)


def letter(code: str, spec: FormSpec, figures: list[int | None], rng: random.Random) -> Content:
    """A report as it would be signed today; the signer is invented and says so."""
    office = OFFICES[code]
    return Content(
        figures=figures,
        texts=_unless_empty("11", rng.choice(_OTHERS)),
        narrative={
            "results": _results(spec, figures),
            "difficulties": rng.choice(_DIFFICULTIES),
            "proposals": rng.choice(_PROPOSALS),
        },
        doc_number=f"{rng.randint(40, 390)}/{office.notation}",
        doc_date=clock.today(),
        authority=office.authority,
        signer_position=office.title,
        signer_name=f"{office.leader} (minh họa)",
    )


def _results(spec: FormSpec, figures: list[int | None]) -> str:
    people = figures[position(spec, "1T", "people")] or 0
    news = figures[position(spec, "2", "count")] or 0
    books = figures[position(spec, "4.2", "count")] or 0
    return (
        f"Các lớp bồi dưỡng, tập huấn trong Tuần lễ có {format_figure(people)} người tham gia; "
        f"đăng {format_figure(news)} tin, bài; huy động {format_figure(books)} quyển sách tặng các trường học, thư viện."
    )


def _unless_empty(key: str, text: str) -> dict[str, str]:
    return {key: text} if text else {}


def signed_letter(spec: FormSpec, sums: list[int | None]) -> dict:
    """Particulars and narrative of the consolidated report (the keys papers.reports reads)."""
    office = OFFICES["pgd-q3"]
    return {
        "doc_number": f"1215/{office.notation}",
        "doc_date": clock.today().isoformat(),
        "authority": office.authority,
        "signer_position": office.title,
        "signer_name": f"{office.leader} (minh họa)",
        "narrative": {
            "results": f"Lễ khai mạc được tổ chức ngày 07 tháng 10 năm 2023 tại Trường THCS Lê Lợi.\n"
            f"{_results(spec, sums)}",
            "difficulties": "Thời gian từ khi ban hành kế hoạch đến khi bắt đầu Tuần lễ ngắn; một số đơn vị gửi báo "
            "cáo chậm.",
            "proposals": "Đề nghị Sở Giáo dục và Đào tạo ban hành hướng dẫn và biểu mẫu số liệu sớm hơn để các đơn "
            "vị chủ động chuẩn bị.",
        },
    }
