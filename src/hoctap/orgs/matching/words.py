"""The words of a body's name in one spelling, whatever was written: ``"P.GD&ĐT Q3"`` → phòng giáo dục đào tạo quận 3. Pure.

Known terms (``_TERMS``) are found in full or abbreviated and give the words of the full form; "và", commas and dashes are
no words of a name.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from hoctap.kernel.vietnamese import fold, tidy

# In full | abbreviated | further abbreviations, folded | further wordings in full, folded.
_TERMS = """
Ủy ban nhân dân | UBND
Ủy ban nhân dân thị trấn | UBND thị trấn | ubnd tt
Hội đồng nhân dân | HĐND
Thường trực Ủy ban nhân dân | TT UBND
Thường trực Hội đồng nhân dân | TT HĐND
Thường trực Quận ủy | TT Quận ủy
Thường trực Huyện ủy | TT Huyện ủy
Thường trực Tỉnh ủy | TT Tỉnh ủy
Thường trực Thành ủy | TT Thành ủy
Thường trực Thị ủy | TT Thị ủy
Thường trực Đảng ủy | TT Đảng ủy
Ủy ban Mặt trận Tổ quốc Việt Nam | Ủy ban MTTQ Việt Nam | ubmttq viet nam, ubmttq vn, ubmttqvn, ubmttq, uy ban mttq vn, \
uy ban mttqvn, uy ban mttq, mttq viet nam, mttq vn, mttqvn, mttq | uy ban mat tran to quoc, mat tran to quoc viet nam, \
mat tran to quoc
Hội Liên hiệp Phụ nữ | Hội LHPN | hlhpn, lhpn | hoi phu nu
Hội Cựu chiến binh | Hội CCB
Hội Nông dân | Hội ND | hnd
Hội Khuyến học | Hội Khuyến học | hkh, hoi kh
Hội Chữ thập đỏ | Hội CTĐ
Hội Người cao tuổi | Hội NCT
Đoàn Thanh niên Cộng sản Hồ Chí Minh | Đoàn TNCS Hồ Chí Minh | doan tncs hcm, doan tncshcm, doan tncs, doan tn, dtn, \
doan thanh nien cshcm, doan thanh nien cs hcm, doan thanh nien cong san hcm | doan thanh nien cong san, doan thanh nien
Tổng Liên đoàn Lao động Việt Nam | Tổng LĐLĐ Việt Nam | tong ldld vn, tong ldldvn, tong ldld | tong lien doan lao dong
Liên đoàn Lao động | LĐLĐ
Công đoàn cơ sở | CĐCS
Công đoàn | CĐ | cdn, cd nganh | cong doan nganh
Công đoàn Giáo dục | CĐGD
Công đoàn viên chức | CĐVC
Giáo dục và Đào tạo | GD&ĐT | gddt
Phòng Giáo dục và Đào tạo | Phòng GD&ĐT | pgd dt, pgddt, pgd
Sở Giáo dục và Đào tạo | Sở GD&ĐT | sgd dt, sgddt, sgd
Bộ Giáo dục và Đào tạo | Bộ GD&ĐT | bgd dt, bgddt, bgd
Phòng Văn hóa và Thông tin | Phòng VH&TT | phong vhtt
Sở Văn hóa và Thể thao | Sở VH-TT | so vhtt
Trung tâm Văn hóa - Thể thao | TT VH-TT | tt vhtt, ttvh tt, ttvhtt, trung tam vh tt, trung tam vhtt
Văn hóa, Thể thao và Du lịch | VHTTDL | vhtt dl, vh tt dl, vh ttdl
Thông tin và Truyền thông | TT&TT | tttt
Lao động - Thương binh và Xã hội | LĐ-TB&XH | ldtbxh, ld tbxh, ldtb xh
Tài chính - Kế hoạch | TC-KH | tckh
Kế hoạch và Đầu tư | KH&ĐT | khdt
Tài nguyên và Môi trường | TN&MT | tnmt
Trung tâm học tập cộng đồng | TTHTCĐ | tt htcd, trung tam htcd
Giáo dục nghề nghiệp - Giáo dục thường xuyên | GDNN-GDTX | gdnngdtx
Giáo dục thường xuyên | GDTX
Giáo dục nghề nghiệp | GDNN
Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên | TT GDNN-GDTX | ttgdnn gdtx
Trung tâm Giáo dục thường xuyên | TT GDTX | ttgdtx
Trung tâm | TT
Ban Chấp hành | BCH
Ban Thường vụ | BTV
Ban Chỉ đạo | BCĐ
Ban Chỉ huy Quân sự | BCH Quân sự | bchqs, bch qs
Ban Chỉ huy Công an | BCH Công an | | cong an
Ban Tuyên giáo | BTG
Trung học cơ sở | THCS
Trung học phổ thông | THPT
Tiểu học | TH
Mầm non | MN
Mẫu giáo | MG
Trung cấp nghề | TCN
Trường Trung cấp | Trường TC
Trường Cao đẳng | Trường CĐ
Đại học | ĐH
Văn phòng | VP
Thành phố Hồ Chí Minh | TP.HCM | tphcm
Hồ Chí Minh | HCM
Thành phố | TP
Thị xã | TX
Quận | Q
Huyện | H
Phường | P
Xã | X
Phòng | Phòng
Việt Nam | VN
Trung ương | TW
Công ty | Công ty | cty
Công ty Cổ phần | CTCP
Trách nhiệm hữu hạn | TNHH
Một thành viên | MTV
Bệnh viện | BV
Trạm Y tế | TYT
"""

_TOKEN = re.compile(r"[^\W_]+|[,;]")
_BETWEEN = re.compile(r"\s*(?:,|-|&|\bvà\b)\s*")
_NUMBERED = re.compile(r"([qp])(\d{1,2})")
_LINKS = {",", ";", "va", "cung"}
_YOUTH = {"quan": "Quận", "huyen": "Huyện", "tinh": "Tỉnh", "thanh": "Thành phố", "thi": "Thị xã", "xa": "Xã",
          "phuong": "Phường"}  # fmt: skip
_OFFICES = re.compile(
    r"(?:gd|gddt|ld|ldtbxh|ldtb|tc|tckh|tn|tnmt|vh|vhtt|noi vu|tu phap|y te|kinh te|van hoa|giao duc|lao dong|tai chinh"
    r"|tai nguyen|quan ly)\b"
)


@dataclass(frozen=True)
class Term:
    """``full`` and ``short`` as shown; ``words`` folded; ``spelled``: the ways a name may hold it, each as the fragments
    it then has (folded, between blanks, as in ``Unit.name_folded``)."""

    full: str
    short: str
    words: tuple[str, ...]
    shown: tuple[str, ...]
    spelled: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Word:
    """One word: ``text`` folded (y for i after a consonant), ``shown`` with its accents, in small letters."""

    text: str
    shown: str
    linked: bool = False  # a comma or "và" stands before it


@dataclass(frozen=True)
class Piece:
    """A term or a single word, and its place in the text."""

    words: tuple[Word, ...]
    start: int
    end: int
    term: Term | None = None
    abbreviated: bool = False


@dataclass
class _Terms:
    by_form: dict[tuple[str, ...], tuple[Term, bool]] = field(default_factory=dict)
    longest: int = 1


def words_of(text: str) -> list[Word]:
    return [word for piece in pieces(text) for word in piece.words]


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[Piece, ...]:
    """Terms and words of a name, in order; signs and "và" are left out, and told by ``Word.linked``."""
    tokens = _tokens(tidy(text))
    found: list[Piece] = []
    linked, at = False, 0
    while at < len(tokens):
        if tokens[at][0] in _LINKS:
            linked, at = True, at + 1
            continue
        piece, at = _piece(tokens, at, linked)
        found.append(piece)
        linked = False
    return tuple(found)


def in_full(text: str) -> str:
    """Abbreviations written out: ``"P.GD&ĐT Quận 3"`` → ``"Phòng Giáo dục và Đào tạo Quận 3"``."""
    text = tidy(text)
    for piece in reversed(pieces(text)):
        if piece.term and piece.abbreviated:
            end = piece.end + text[piece.end : piece.end + 1].count(".")
            text = f"{text[: piece.start]} {piece.term.full} {text[end:]}"
    return tidy(re.sub(r"\s+(?=[,;)])", "", text))


def in_short(text: str) -> str:
    """Terms abbreviated: ``"Ủy ban nhân dân Phường 1"`` → ``"UBND Phường 1"``."""
    text = tidy(text)
    for piece in reversed(pieces(text)):
        if piece.term and len(piece.term.short) > 2 and not piece.abbreviated:
            text = f"{text[: piece.start]}{piece.term.short}{text[piece.end :]}"
    return text


def same_accents(some: Word, other: Word) -> bool:
    """Whether nothing but the place of a tone tells them apart ("hoà", "hòa"); what has no accents agrees with all."""
    one, two = _letters(some.shown), _letters(other.shown)
    return one == two or some.shown.isascii() or other.shown.isascii()


def _letters(word: str) -> tuple[str, ...]:
    return tuple(sorted(unicodedata.normalize("NFD", word).replace("ð", "đ").replace("y", "i")))


def _tokens(text: str) -> list[tuple[str, str, int, int]]:
    """(folded, shown, start, end) of each; "Q3" parted, "01" as 1."""
    found = []
    for match in _TOKEN.finditer(text):
        shown, start, end = match[0].lower(), *match.span()
        token = fold(shown)
        if numbered := _NUMBERED.fullmatch(token):
            found.append((numbered[1], numbered[1], start, start + 1))
            token = shown = numbered[2]
            start += 1
        if token.isdecimal():
            token = shown = str(int(token))
        found.append((token, shown, start, end))
    return found


def _piece(tokens: list, at: int, linked: bool) -> tuple[Piece, int]:
    here, after, then, *_ = [*(token[0] for token in tokens[at : at + 3]), "", ""]
    if after == "doan" and here in _YOUTH and then != "ket":  # Quận Đoàn 3: the Union of Youth of Quận 3
        youth, area = _terms().by_form["doan", "thanh", "nien"][0], _YOUTH[here]
        words = (*_as_words(youth, linked), *(Word(fold(w), w.lower()) for w in area.split()))
        shown = Term(f"{youth.full} {area}", f"{youth.short} {area}", (), (), youth.spelled)
        return Piece(words, tokens[at][2], tokens[at + 1][3], shown, True), at + 2
    if here == "p" and _OFFICES.match(" ".join(token[0] for token in tokens[at + 1 : at + 3])):
        return _known(tokens, at, at + 1, _terms().by_form[("phong",)][0], True, linked)
    for form, end in _forms(tokens, at):
        if known := _terms().by_form.get(form):
            return _known(tokens, at, end, *known, linked)
    token, shown, start, end = tokens[at]
    return Piece((Word(_plain(token), shown, linked),), start, end), at + 1


def _known(tokens: list, at: int, end: int, term: Term, abbreviated: bool, linked: bool) -> tuple[Piece, int]:
    words = _as_words(term, linked)
    if len(words) == 1 and not abbreviated:  # "quân" and "quận" fold alike
        words = (Word(words[0].text, tokens[at][1], linked),)
    return Piece(words, tokens[at][2], tokens[end - 1][3], term, abbreviated), end


def _forms(tokens: list, at: int) -> list[tuple[tuple[str, ...], int]]:
    """What may be a term from here on, longest first: words with links between them left out, and where they end."""
    found: list[tuple[tuple[str, ...], int]] = []
    words: list[str] = []
    for end in range(at, min(len(tokens), at + _terms().longest + 3)):
        if tokens[end][0] not in _LINKS:
            words.append(tokens[end][0])
            found.append((tuple(words), end + 1))
    return found[::-1]


def _as_words(term: Term, linked: bool) -> tuple[Word, ...]:
    both = zip(term.words, term.shown, strict=True)
    return tuple(Word(text, shown, linked and n == 0) for n, (text, shown) in enumerate(both))


def _plain(token: str) -> str:
    """ "ly" and "li" are one; so are "quy" and "qui"."""
    return re.sub(r"^(qu|[^\Waeiou\d]*)y$", r"\1i", token)


@lru_cache(maxsize=1)
def _terms() -> _Terms:
    terms = _Terms()
    for line in _TERMS.strip().splitlines():
        full, short, abbreviations, wordings, *_ = [*(part.strip() for part in line.split("|")), "", ""]
        shown = [t[1] for t in _tokens(full) if t[0] not in _LINKS]
        if shown[-2:] == ["việt", "nam"] and len(shown) > 2:
            del shown[-2:]
        more = [form.strip() for form in abbreviations.split(",") if form.strip()]
        said = [form.strip() for form in wordings.split(",") if form.strip()]
        forms = [_form(full), _form(" ".join(shown)), *map(_form, said)]
        brief = [form for form in (_form(short), *map(_form, more)) if form not in forms]
        spelled = [_fragments(full), *(_fragments(" ".join(form)) for form in [*forms[2:], *brief])]
        if full.startswith("Đoàn Thanh niên"):
            spelled += [(f" {area} doan ",) for area in _YOUTH]
        words = tuple(_plain(fold(word)) for word in shown)
        term = Term(full, short, words, tuple(shown), _fewest(spelled))
        for form in [*forms, *brief]:
            terms.by_form.setdefault(form, (term, form in brief))
            terms.longest = max(terms.longest, len(form))
    return terms


def _fragments(text: str) -> tuple[str, ...]:
    """Parted where a name may or may not have "và"."""
    parts = (_form(part) for part in _BETWEEN.split(text))
    return tuple(f" {' '.join(part)} " for part in parts)


def _fewest(spelled: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Without the ways that another way finds too: what holds "uy ban mttq" holds "mttq"."""
    ways = list(dict.fromkeys(spelled))
    return tuple(way for way in ways if not any(other != way and _holds(way, other) for other in ways))


def _holds(way: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return all(any(fragment in mine for mine in way) for fragment in other)


def _form(text: str) -> tuple[str, ...]:
    return tuple(token[0] for token in _tokens(text) if token[0] not in _LINKS)
