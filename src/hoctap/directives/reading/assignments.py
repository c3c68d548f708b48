"""Who must do what, and by when: assignments with their tasks, and deadlines. Pure.

An assignment is a heading that names bodies and nothing else, a line that names them and says "as follows", a sentence that
begins by giving a body its work, or, in a letter, what it asks its addressees to do.
"""

import re
from dataclasses import dataclass, field

from hoctap.directives.reading import names
from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.said import Said, stated
from hoctap.directives.reading.work import CLOSING, VERB, first_verb, sentences
from hoctap.kernel.vietnamese import fold

_LEAD_IN = re.compile(
    r"(?:(?P<giving>Giao|Phân công|Yêu cầu|Trách nhiệm của|Nhiệm vụ của|Đối với|Về phía)|(?P<asking>Đề nghị"
    r"|Kính đề nghị|Trân trọng đề nghị))\s*:?\s+",
    re.IGNORECASE,
)
_WORK = re.compile(r"to chuc thuc hien|phan cong|trach nhiem|nhiem vu cu the cua|giao nhiem vu")
_GENERAL = re.compile(r"noi dung|nhiem vu|giai phap|hoat dong|bien phap|cong viec")
_NOT_WORK = re.compile(
    r"muc dich|yeu cau|muc tieu|quan diem|thoi gian|dia diem|kinh phi|che do|thong tin bao cao|doi tuong"
    r"|thanh phan|chu de"
)
_STATES = re.compile(
    r"(?:(?:Thời gian|Địa điểm|Hình thức|Thành phần|Chủ trì|Kinh phí|Đối tượng|Số lượng|Nội dung|Chủ đề)\b[^.]{0,60}?:"
    r"|(?:Đợt|Năm|Tính đến|Đến nay|Qua)\b[^.;]{0,80} đã |(?:Các hoạt động|Tuần lễ|Thời gian|Lễ|Hội nghị"
    r"|Kinh phí|Chương trình)\b[^.;]{0,60}? được )"
)
_DOES = re.compile(
    rf"{VERB}|(?:Đề nghị|Khuyến khích|Giao|Có|Thông qua|Quản lý|Mở|Viết|Đưa|Tạo|Kiện toàn|Đổi mới)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"(?P<force>đề nghị|yêu cầu)\b", re.IGNORECASE)
_COLON = re.compile(r"\s*:\s*(?=\S)")
BASIS = re.compile(
    r"(?:Căn cứ|Thực hiện (?:Công văn|Kế hoạch|Quyết định|Chỉ thị|Hướng dẫn|Thông báo|Nghị quyết|Kết luận)"
    r"|Theo đề nghị)\b"
)
_ROLES = (
    (
        "chu-tri",
        re.compile(
            r"(?:(?:là )?(?:cơ quan|đơn vị) (?:thường trực|đầu mối)[^.;]{0,12}?,?\s*)?chủ trì\b|(?:là )?(?:cơ quan"
            r"|đơn vị) (?:đầu mối|chủ trì)",
            re.IGNORECASE,
        ),
    ),
    ("tham-muu", re.compile(r"tham mưu\b", re.IGNORECASE)),
    ("phoi-hop", re.compile(r"(?:tích cực |chủ động )?phối hợp\b", re.IGNORECASE)),
)
_ENCOURAGES = re.compile(r"(?:tiếp tục )?khuyến khích\b", re.IGNORECASE)


_LEADS_WORK = re.compile(r"(?:chủ trì|chịu trách nhiệm)\b", re.IGNORECASE)
_CHARGED = re.compile(r"\s+(?:có|chịu)\s+(?:các\s+)?(?:nhiệm vụ|trách nhiệm)(?:\s+(?:sau|như sau|cụ thể))*$")
_STANDING = re.compile(r"\s*\([^()]*(?:thường trực|gọi tắt|sau đây|viết tắt)[^()]*\)\s*$")
_NOT_NAME = re.compile(r"[.!?]\s|\b(?:là|được|nhằm|để|việc)\b|[%“]|\b\d{4}\b")
_FORCES = {"đề nghị": "de-nghi", "yêu cầu": "giao", "giao": "giao", "phân công": "giao"}
_TO_ALL = re.compile(
    r"(?:các|toàn thể|Ban Chấp hành (?:các )?Công đoàn cơ sở|Công đoàn cơ sở|quý)\b", re.IGNORECASE
)


_LONGEST_LEAD = 1000


@dataclass
class Assignment:
    """Bodies and their tasks; ``force`` is what the words that lead to them say of all."""

    assignees: list[Said]
    force: Said | None = None
    tasks: list[dict] = field(default_factory=list)

    def as_tree(self) -> dict:
        return {"assignees": self.assignees, "tasks": self.tasks}


class Assigner:
    """Reads the outline of one document's text; tasks for everybody have the addressees, or nobody, as assignees."""

    def __init__(self, text: str, top: list[Line], addressees: list[Said], tells: bool = False):
        """``tells``: of what was done or is asked for (a report, a proposal), so that its own points are no work."""
        self.text = text
        self.addressees = addressees
        self.found: list[Assignment] = []
        self.bodies_of: dict[int, list[Said]] = {}  # by the start of each line under an assignment
        everyone = Assignment(addressees, self._asked(top)) if addressees else None
        outermost = next((line.marker for line in top if line.is_heading), "")
        for line in top:
            self._visit(line, work=False, everyone=everyone)
            if everyone is None and not tells and line.marker == outermost:
                self._general(line)
        if everyone and everyone.tasks:
            self.found.append(everyone)
        if everyone and not everyone.tasks:
            self._prose(top)
        self.found.sort(key=lambda made: made.tasks[0]["text"].start)

    def _asked(self, top: list[Line]) -> Said | None:
        """What the letter's first lines do: ask or instruct."""
        for line in top[:8]:
            if line.marker and not line.is_item:
                return None
            if asked := list(_ASKS.finditer(self.text, line.start, line.end)):
                last = asked[-1]
                return Said(_FORCES[last["force"].lower()], *last.span())
        return None

    def _general(self, section: Line) -> None:
        """A plan's chapter on what is to be done, as far as nobody is named for it."""
        words = fold(section.said)
        if _GENERAL.search(words) and not _NOT_WORK.search(words) and not _WORK.search(words):
            nobody = Assignment([])
            for line in section.below:
                self._add_all(nobody, line)
            if nobody.tasks:
                self.found.append(nobody)

    def _visit(self, line: Line, work: bool, everyone: Assignment | None) -> None:
        opens = (
            everyone is not None and line.above is None and line.leads
        )  # "… đề nghị các đơn vị một số nội dung sau:"
        made = None if opens else self._heading(line) or self._lead(line)
        if made and made.force is None and line.above is None and line.leads:
            made = None  # the issuer itself: "…, Ban Chấp hành Công đoàn cơ sở triển khai như sau:"
        if made:
            for other in line.below:
                self._collect(made, other)
            self._keep(made)
            return
        made = self._sentence(line, work)
        if made:
            self._keep(made)
            return
        if everyone and self._is_task(line):
            self._add(everyone, line)
        work = work or bool(_WORK.search(fold(line.said)))
        for other in line.below:
            if other.start not in self.bodies_of:
                self._visit(other, work, everyone)

    def _keep(self, made: Assignment) -> None:
        if made.tasks:
            self.found.append(made)

    def _collect(self, made: Assignment, line: Line) -> None:
        """A line below a heading that names bodies: work of theirs, unless another heading gives it to others."""
        if line.start in self.bodies_of or line.is_row or CLOSING.match(line.text):
            return
        inner = self._heading(line) or self._lead(line) or self._sentence(line, work=False)
        if inner:
            self._visit(line, work=False, everyone=None)
            self.bodies_of.setdefault(line.start, inner.assignees)
            return
        self._add_all(made, line)

    def _add_all(self, made: Assignment, line: Line) -> None:
        if (
            line.start in self.bodies_of
            or line.is_row
            or CLOSING.match(line.text)
            or _STATES.match(line.said)
        ):
            return
        if self._is_task(line) or not (line.below or line.is_title or line.leads):
            self._add(made, line)
        if not line.said.endswith(":") or line.start not in self.bodies_of:
            for other in line.below:
                self._add_all(made, other)

    def _is_task(self, line: Line) -> bool:
        """Work in itself: not a heading, nor a line that only leads to what is listed below it."""
        if line.is_row or line.is_title or line.leads or CLOSING.match(line.text) or BASIS.match(line.text):
            return False
        if _STATES.match(line.said):
            return False
        if line.below and line.said.endswith(":"):
            return (
                line.marker != ""
                and bool(_DOES.match(line.said))
                and not any(_DOES.match(b.said) for b in line.below)
            )
        if line.below and line.is_heading:
            return False
        return bool(line.marker) or line.above is not None

    def _add(self, made: Assignment, line: Line, start: int | None = None) -> None:
        said = stated(self.text, line.said_at if start is None else start, line.end)
        if said is None or len(str(said.value)) < 8:
            return
        self.bodies_of[line.start] = made.assignees
        ref = line.ref
        begin = next((i for i in range(said.start, said.end) if self.text[i] not in '“"( '), said.start)
        made.tasks.append({
            "text": said, "ref": Said(ref, line.start, line.end) if ref else None,
            "role": self._role(begin, said), "force": self._force(begin, said, made.force),
        })  # fmt: skip

    def _role(self, begin: int, said: Said) -> Said:
        for role, pattern in _ROLES:
            if found := pattern.match(self.text, begin):
                return Said(role, *found.span())
        return Said("thuc-hien", said.start, said.end)

    def _force(self, begin: int, said: Said, force: Said | None) -> Said:
        if found := _ENCOURAGES.match(self.text, begin):
            return Said("khuyen-khich", *found.span())
        if found := _LEAD_IN.match(self.text, begin):
            return Said(
                "de-nghi" if found["asking"] else "giao",
                *found.span("asking" if found["asking"] else "giving"),
            )
        return force or Said("giao", said.start, said.end)

    def _heading(self, line: Line) -> Assignment | None:
        """ "2. Phòng Giáo dục và Đào tạo Quận 3", "1.2. Đề nghị Hội …", "Công đoàn cơ sở trực thuộc:"."""
        if not line.below or not (line.is_heading or line.said.endswith(":")) or len(line.text) > 260:
            return None
        end = line.end
        while end > line.said_at and self.text[end - 1] in ": .":
            end -= 1
        lead = _LEAD_IN.match(self.text, line.said_at, end)
        begin = lead.end() if lead else line.said_at
        if charged := _CHARGED.search(self.text[begin:end]):
            end = begin + charged.start()
        if (
            not names.begins(self.text, begin)
            or _NOT_NAME.search(self.text[begin:end])
            or first_verb(self.text, begin, end)
        ):
            return None
        return Assignment(self._bodies(begin, end), _force_of(lead))

    def _lead(self, line: Line) -> Assignment | None:
        """ "…, Ủy ban nhân dân 12 phường, các Trung tâm … đồng loạt tổ chức các hoạt động như sau:"."""
        if not line.leads or not line.below or len(line.text) > _LONGEST_LEAD:
            return None
        for found in names.HEAD.finditer(self.text, line.start, line.end):
            verb = first_verb(self.text, found.end(), line.end)
            if not verb:
                return None
            before = self.text[line.start : found.start()].rstrip()
            asked = re.search(r"(đề nghị|yêu cầu|giao)$", before, re.IGNORECASE)
            named = self.text[found.start() : verb.start()]
            if (before and not before.endswith(",") and not asked) or re.search(r"[;.“]", named):
                continue
            if _ASKS.search(self.text, verb.start(), line.end) or (
                not asked and re.match(r"\W*(?:xây dựng|ban hành|triển khai)", verb[0])
            ):
                continue  # the issuer itself, who speaks
            at = line.start + asked.start() if asked else 0
            force = Said(_FORCES[asked[1].lower()], at, at + len(asked[1])) if asked else None
            return Assignment(self._bodies(found.start(), verb.start()), force)
        return None

    def _sentence(self, line: Line, work: bool) -> Assignment | None:
        """ "1. Sở Giáo dục và Đào tạo chủ trì, phối hợp …", "Giao Phòng Nội vụ theo dõi …": the task stands in the line."""
        lead = _LEAD_IN.match(self.text, line.said_at, line.end)
        begin = lead.end() if lead else line.said_at
        if CLOSING.match(self.text, line.said_at) or not (
            names.begins(self.text, begin) or (lead and names.ADDRESSED.match(self.text, begin))
        ):
            return None
        if self.addressees and _TO_ALL.match(self.text, begin):
            return None  # asks everybody again
        place = self._name_and_work(line, begin)
        if place is None:
            return None
        leads = _LEADS_WORK.match(self.text, place[1])
        if not (lead or work or leads or (self.addressees and line.marker and self.text[begin].isupper())):
            return None
        made = Assignment(self._bodies(begin, place[0]), _force_of(lead))
        if len(self.addressees) == 1 and _same_bodies(made.assignees, self.addressees):
            return None
        if place[1] < line.end and not (self.text[line.end - 1] == ":" and line.below):
            self._add(made, line, place[1])
        for other in line.below:
            self._add_all(made, other)
        return made if made.assignees and made.tasks else None

    def _name_and_work(self, line: Line, begin: int) -> tuple[int, int] | None:
        """Where the names end and the work begins."""
        colon = _COLON.search(self.text, begin, min(line.end, begin + 260))
        verb = first_verb(self.text, begin, min(line.end, begin + 320))
        if colon and (not verb or colon.start() <= verb.start()):
            named, work = colon.start(), colon.end()
        elif verb:
            named, work = verb.start(), verb.end() - len(verb[0].lstrip(" ,"))
        else:
            return None
        return None if _NOT_NAME.search(self.text[begin:named]) else (named, work)

    def _bodies(self, start: int, end: int) -> list[Said]:
        standing = _STANDING.search(self.text[start:end])
        end = start + standing.start() if standing else end
        found = (stated(self.text, *place) for place in names.listed(self.text, start, end))
        return [said for said in found if said and len(str(said.value)) > 2]

    def _prose(self, top: list[Line]) -> None:
        """A letter without points: what its sentences ask of the addressees."""
        for line in top:
            for start, end in sentences(self.text, line.start, line.end):
                asked = _ASKS.search(self.text, start, end)
                if not asked or not names.begins(self.text, asked.end() + 1):
                    continue
                verb = first_verb(self.text, asked.end(), end)
                if verb and not re.search(r"[;.“:]", self.text[asked.end() : verb.start()]):
                    made = Assignment(self.addressees, Said(_FORCES[asked["force"].lower()], *asked.span()))
                    part = Line(verb.end() - len(verb[0].lstrip(" ,")), end, "")
                    self._add(made, part)
                    self._keep(made)


def _same_bodies(some: list[Said], others: list[Said]) -> bool:
    """Whether what is named here is what is addressed, in fewer or more words."""
    mine, theirs = (fold(" ".join(str(said.value) for said in bodies)) for bodies in (some, others))
    return bool(mine) and (mine in theirs or theirs in mine)


def _force_of(lead: re.Match[str] | None) -> Said | None:
    if lead is None:
        return None
    return Said("de-nghi" if lead["asking"] else "giao", *lead.span("asking" if lead["asking"] else "giving"))
