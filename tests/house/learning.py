"""Behind the addresses of records, certificates and learners: a class of the Phòng and the persons who attended it."""

from dataclasses import dataclass

from hoctap.activities.actions.certifying import issue_certificates
from hoctap.activities.actions.completing import CompletionData, enter_completion
from hoctap.activities.models import Activity, Certificate, Completion
from hoctap.people.actions import BookData, add_book, give_consent
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Book, Consent, Person
from tests.cast import Cast
from tests.learning import FIRST_DAY as _START
from tests.learning import attend, held_class, learner

PNG = b"\x89PNG\r\n\x1a\n"


@dataclass
class Learning:
    cast: Cast
    activity: Activity
    person: Person
    other: Person  # of another unit altogether
    certificate: Certificate
    completion: Completion
    consent: Consent
    book: Book

    @classmethod
    def make(cls, cast: Cast) -> "Learning":
        activity = held_class(cast.pgd_officer, 2, start=_START)
        person, other = learner(cast.pgd, "Nguyễn Thị Hoa"), learner(cast.stranger, "Lê Văn Lạ")
        attend(activity, person)
        (certificate,) = cls._issue(cast, activity)
        consent = give_consent(
            person=person, purpose=Purpose.RECORD, way=ConsentWay.PAPER, given_on=_START.date()
        )
        book = add_book(person=person, data=BookData("Đất rừng phương Nam", _START.date(), shown=True))
        return cls(cast, activity, person, other, certificate, cls._complete(cast, person, 0), consent, book)

    def grow(self, n: int) -> None:
        """One more of everything the pages list."""
        attend(self.activity, learner(self.cast.pgd, f"Trần Văn Mới {n}"))
        self._issue(self.cast, self.activity)
        attend(self.activity, learner(self.cast.pgd, f"Trần Văn Chờ {n}"))
        attend(held_class(self.cast.pgd_officer, 1, name=f"Lớp thêm {n}", start=_START), self.person)
        self._complete(self.cast, self.person, n)
        add_book(person=self.person, data=BookData(f"Sách {n}", _START.date(), shown=True))

    def things(self, name: str) -> dict | None:
        """What an officer's address of that name holds."""
        person, one = {"pk": self.person.pk}, {"pk": self.activity.pk, "certificate_pk": self.certificate.pk}
        completion = person | {"completion_pk": self.completion.pk}
        return {
            "certificates": {"pk": self.activity.pk}, "certificates-pdf": {"pk": self.activity.pk},
            "certificates-revoke": one, "certificates-replace": one,
            "person-record": person, "person-record-paper": person, "person-completion": person,
            "person-completion-remove": completion, "person-completion-file": completion,
        }.get(name)  # fmt: skip

    def own(self, parameters: tuple[str, ...], name: str) -> dict:
        """What a learner's own address of that name holds."""
        book = self.book.pk
        named = {"mine-withdraw": self.consent.pk, "mine-book": book, "mine-book-remove": book}
        pk = named.get(name, self.certificate.pk)
        return {"pk": pk} if parameters else {}

    @staticmethod
    def _issue(cast: Cast, activity: Activity) -> list[Certificate]:
        return issue_certificates(seat=cast.pgd_leader, activity=activity, share=80, position="Trưởng phòng")

    @staticmethod
    def _complete(cast: Cast, person: Person, n: int) -> Completion:
        data = CompletionData(
            "binhdanhocvuso.gov.vn", f"Kỹ năng số {n}", _START.date(), file=("anh.png", PNG)
        )
        return enter_completion(seat=cast.pgd_officer, person=person, data=data)
