"""Who must do what, and by when: assignments with their tasks, and deadlines. Pure.

An assignment is a heading that names bodies and nothing else, a line that names them and says "as follows", a sentence that
begins by giving a body its work, or, in a letter, what it asks its addressees to do.
"""

import re
from dataclasses import dataclass, field

from hoctap.directives.reading import names, orders
from hoctap.directives.reading.outline import Line
from hoctap.directives.reading.said import Said, stated
from hoctap.directives.reading.work import CLOSING, first_verb, sentences
from hoctap.kernel.vietnamese import fold

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

    def __init__(
        self, text: str, top: list[Line], addressees: list[Said], tells: bool = False, commands: bool = False,
        labelled: dict[int, list[Said]] | None = None,
    ):  # fmt: skip
        """``tells``: of what was done or is asked for (a report, a proposal), so that its own points are no work.
        ``commands``: all its points give work to somebody (a chỉ thị, the conclusions of a meeting). ``labelled``: whose
        the lines are that ``labels`` has read, by their start."""
        self.text = text
        self.addressees = addressees
        self.asked = self._asked(top) if addressees else None  # what a letter does, of every point of it
        self.found: list[Assignment] = []
        self.labelled = labelled or {}
        self.bodies_of = dict(self.labelled)  # by the start of each line under an assignment
        everyone = Assignment(self._meant(top)) if addressees else None
        outermost = next((line.marker for line in top if line.is_heading), "")
        for line in [] if tells else top:
            self._visit(line, work=commands, everyone=everyone)
            if everyone is None and line.marker == outermost:
                self._general(line)
        if everyone and everyone.tasks:
            self.found.append(everyone)
        if everyone and not self.found:
            self._prose(top)
        self.found = [made for made in self.found if made.tasks]
        self.found.sort(key=lambda made: made.tasks[0]["text"].start)

    def _asked(self, top: list[Line]) -> Said | None:
        """What the letter's first lines do: ask or instruct."""
        for line in top[:8]:
            if line.marker and not line.is_item:
                return None
            if asked := list(orders.ASKS.finditer(self.text, line.start, line.end)):
                last = asked[-1]
                return Said(orders.FORCES[last["force"].lower()], *last.span())
        return None

    def _meant(self, top: list[Line]) -> list[Said]:
        """Of several addressees the one whom the letter's first lines ask, where they say so."""
        if self.asked and len(self.addressees) > 1:
            begin = self.asked.end + 1
            verb = first_verb(self.text, begin, begin + 200) if names.begins(self.text, begin) else None
            asked = (
                self._bodies(begin, verb.start())
                if verb and "\n" not in self.text[begin : verb.start()]
                else []
            )
            theirs = [fold(str(said.value)) for said in self.addressees]
            if len(asked) == 1 and sum(fold(str(asked[0].value)) in name for name in theirs) == 1:
                return asked
        return self.addressees

    def _general(self, section: Line) -> None:
        """A plan's chapter on what is to be done, as far as nobody is named for it."""
        words = fold(section.said)
        if (
            orders.GENERAL.search(words)
            and not orders.NOT_WORK.search(words)
            and not orders.WORK.search(words)
        ):
            nobody = Assignment([])
            for line in section.below:
                if line.start in self.bodies_of:
                    continue
                if named := self._sentence(line, work=True) if names.begins(line.said) else None:
                    self._keep(named)
                else:
                    self._add_all(nobody, line)
            if nobody.tasks:
                self.found.append(nobody)

    def _visit(self, line: Line, work: bool, everyone: Assignment | None) -> None:
        if line.start in self.labelled:
            return
        opens = (
            everyone is not None and line.above is None and line.leads
        )  # "… đề nghị các đơn vị một số nội dung sau:"
        if line.is_heading and line.below and orders.NO_ORDERS.match(fold(line.said)):
            return
        made = None if opens else self._heading(line) or self._lead(line)
        if made and made.force is None and line.above is None and line.leads:
            made = None  # the issuer itself: "…, Ban Chấp hành Công đoàn cơ sở triển khai như sau:"
        if made:
            for other in line.below:
                self._collect(made, other)
            self._keep(made)
            return
        made = self._sentence(line, work) or self._charged(line)
        if made:
            self._keep(made)
            return
        if everyone and self._is_task(line):
            self._add(everyone, line)
        work = work or bool(orders.WORK.search(fold(line.said)))
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
        if inner := self._heading(line) or self._lead(line):
            self._visit(line, work=False, everyone=None)
            self.bodies_of.setdefault(line.start, inner.assignees)
        elif inner := self._sentence(line, work=self._is_of_others(line)):
            self._keep(inner)
        else:
            self._add_all(made, line)

    @staticmethod
    def _is_of_others(line: Line) -> bool:
        """Named or labelled for somebody else, or below "… chỉ đạo:"."""
        directed = line.above and orders.DIRECTS.search(line.above.text)
        return bool(directed or orders.OWN.match(line.said))

    def _add_all(self, made: Assignment, line: Line) -> None:
        if (
            line.start in self.bodies_of
            or line.is_row
            or CLOSING.match(line.text)
            or orders.STATES.match(line.said)
        ):
            return
        if self._is_task(line) or not (line.below or line.is_title or line.leads):
            self._add(made, line)
        if not line.said.endswith(":") or line.start not in self.bodies_of:
            for other in line.below:
                self._add_all(made, other)

    def _is_task(self, line: Line) -> bool:
        """Work in itself: not a heading, nor a line that only leads to what is listed below it."""
        if (
            line.is_row
            or line.is_title
            or line.leads
            or CLOSING.match(line.text)
            or orders.BASIS.match(line.text)
        ):
            return False
        if orders.STATES.match(line.said):
            return False
        if line.below and line.said.endswith(":"):
            return (
                line.marker != ""
                and bool(orders.DOES.match(line.said))
                and not any(orders.DOES.match(b.said) for b in line.below)
            )
        if line.below and line.is_heading:
            return False
        return bool(line.marker) or line.above is not None

    def _add(self, made: Assignment, line: Line, start: int | None = None, end: int | None = None) -> None:
        said = stated(self.text, line.said_at if start is None else start, end or line.end)
        if said is None or len(str(said.value)) < 8:
            return
        self.bodies_of.setdefault(line.start, made.assignees)
        ref = line.ref
        begin = next((i for i in range(said.start, said.end) if self.text[i] not in '“"( '), said.start)
        made.tasks.append({
            "text": said, "ref": Said(ref, line.start, line.end) if ref else None,
            "role": self._role(begin, said), "force": self._force(begin, said, made.force),
        })  # fmt: skip

    def _role(self, begin: int, said: Said) -> Said:
        for role, pattern in orders.ROLES:
            if found := pattern.match(self.text, begin):
                return Said(role, *found.span())
        return Said("thuc-hien", said.start, said.end)

    def _force(self, begin: int, said: Said, force: Said | None) -> Said:
        if found := orders.ENCOURAGES.match(self.text, begin):
            return Said("khuyen-khich", *found.span())
        if found := orders.LEAD_IN.match(self.text, begin):
            force = orders.force_of(found) or force
        return force or self.asked or Said("giao", said.start, said.end)

    def _heading(self, line: Line) -> Assignment | None:
        """ "2. Phòng Giáo dục và Đào tạo Quận 3", "1.2. Đề nghị Hội …", "Công đoàn cơ sở trực thuộc:"."""
        if not line.below or not (line.is_heading or line.said.endswith(":")) or len(line.text) > 260:
            return None
        end = line.end
        while end > line.said_at and self.text[end - 1] in ": .":
            end -= 1
        lead = orders.LEAD_IN.match(self.text, line.said_at, end)
        begin = lead.end() if lead else line.said_at
        if charged := orders.CHARGED.search(self.text[begin:end]):
            end = begin + charged.start()
        if (
            not names.begins(self.text, begin)
            or orders.NOT_NAME.search(self.text[begin:end])
            or first_verb(self.text, begin, end)
        ):
            return None
        return Assignment(self._bodies(begin, end), orders.force_of(lead))

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
            if orders.ASKS.search(self.text, verb.start(), line.end) or (
                not asked and re.match(r"\W*(?:xây dựng|ban hành|triển khai)", verb[0])
            ):
                continue  # the issuer itself, who speaks
            at = line.start + asked.start() if asked else 0
            force = Said(orders.FORCES[asked[1].lower()], at, at + len(asked[1])) if asked else None
            return Assignment(self._bodies(found.start(), verb.start()), force)
        return None

    def _sentence(self, line: Line, work: bool) -> Assignment | None:
        """ "1. Sở Giáo dục và Đào tạo chủ trì, phối hợp …", "Giao Phòng Nội vụ theo dõi …": the task stands in the line."""
        lead = orders.LEAD_IN.match(self.text, line.said_at, line.end)
        begin = lead.end() if lead else line.said_at
        named = (
            names.begins(self.text, begin)
            or (lead and names.ADDRESSED.match(self.text, begin))
            or (work and line.marker and orders.labelled(self.text, begin, line.end))
            or (lead and lead[0].startswith("Đối với") and orders.COLON.search(self.text, begin, begin + 100))
        )
        if CLOSING.match(self.text, line.said_at) or not named:
            return None
        place = self._name_and_work(line, begin)
        if place is None or (self.addressees and orders.TO_ALL.fullmatch(self.text, begin, place[0])):
            return None  # without a body's name, or to everybody again
        leads = orders.LEADS_WORK.match(self.text, place[1])
        if not (
            lead
            or (work and (line.marker or line.above))
            or leads
            or (self.addressees and line.marker and self.text[begin].isupper())
        ):
            return None
        made = Assignment(self._bodies(begin, place[0]), orders.force_of(lead))
        if len(self.addressees) == 1 and orders.same_bodies(made.assignees, self.addressees):
            return None
        if place[1] < line.end and not (self.text[line.end - 1] == ":" and line.below):
            charges = orders.CHARGES.match(self.text, place[1], line.end)
            self._add_shared(made, line, charges.end() if charges and charges.end() < line.end else place[1])
        directs = orders.DIRECTS.search(line.text)  # what is below may be work of others
        for other in line.below:
            (self._collect if directs else self._add_all)(made, other)
        return made if made.assignees and made.tasks else None

    def _add_shared(self, made: Assignment, line: Line, start: int) -> None:
        """The task; a sentence may go on to the next body: "…; Hội Khuyến học tỉnh chủ trì hướng dẫn …"."""
        now, at = made, start
        for mark in re.finditer(r";\s+", self.text[start : line.end]):
            begin = start + mark.end()
            verb = (
                first_verb(self.text, begin, min(line.end, begin + 320))
                if names.begins(self.text, begin)
                else None
            )
            if verb and not re.search(r"[;.“:]", self.text[begin : verb.start()]):
                self._add(now, line, at, start + mark.start())
                now = Assignment(self._bodies(begin, verb.start()), made.force)
                at = verb.end() - len(verb[0].lstrip(" ,"))
                self.found.append(now)
        self._add(now, line, at)

    def _charged(self, line: Line) -> Assignment | None:
        """ "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Sở, … chịu trách nhiệm thi hành …"."""
        for start, end in list(sentences(self.text, line.said_at, line.end))[1:]:
            start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
            verb = orders.CARRIES.search(self.text, start, end)
            if verb and names.begins(self.text, start):
                made = Assignment(self._bodies(start, verb.start()))
                self._add(made, line, verb.end() - len(verb[0].lstrip(" ,")))
                return made
        return None

    def _name_and_work(self, line: Line, begin: int) -> tuple[int, int] | None:
        """Where the names end and the work begins."""
        if charged := orders.CARRIES.search(self.text, begin, line.end) if line.marker == "article" else None:
            return charged.start(), charged.end() - len(charged[0].lstrip(" ,"))
        colon = orders.COLON.search(self.text, begin, min(line.end, begin + 260))
        verb = first_verb(self.text, begin, min(line.end, begin + 320))
        if colon and (not verb or colon.start() <= verb.start()):
            named, work = colon.start(), colon.end()
        elif verb:
            named, work = verb.start(), verb.end() - len(verb[0].lstrip(" ,"))
        else:
            return None
        if work >= line.end and line.below:
            return None  # "… như sau:" leads to what is below
        return None if orders.NOT_NAME.search(self.text[begin:named]) else (named, work)

    def _bodies(self, start: int, end: int) -> list[Said]:
        standing = orders.STANDING.search(self.text[start:end])
        end = start + standing.start() if standing else end
        found = (stated(self.text, *place) for place in names.listed(self.text, start, end))
        return [said for said in found if said and len(str(said.value)) > 2]

    def _prose(self, top: list[Line]) -> None:
        """A letter without points: what its sentences ask of the addressees."""
        for line in top:
            for start, end in sentences(self.text, line.start, line.end):
                asked = orders.ASKS.search(self.text, start, end)
                if CLOSING.match(self.text[start:end].lstrip()):
                    continue
                if not asked or not names.begins(self.text, asked.end() + 1):
                    continue
                verb = first_verb(self.text, asked.end(), end)
                if verb and not re.search(r"[;.“:]", self.text[asked.end() : verb.start()]):
                    made = Assignment(
                        self.addressees, Said(orders.FORCES[asked["force"].lower()], *asked.span())
                    )
                    part = Line(verb.end() - len(verb[0].lstrip(" ,")), end, "")
                    self._add(made, part)
                    self._keep(made)
