"""Bytes to text; the encodings of before Unicode, TCVN3 (.VnTime) and VNI (VNI-Times), are known by their words. Pure."""

import re
import unicodedata

from hoctap.kernel.errors import Refusal

_WORDS = re.compile(
    r"\b(?:của|và|các|ngày|tháng|năm|về|việc|được|công|thực|hiện|học|tập|cho|đơn|vị|người|trong|kế|hoạch|số"
    r"|nhân|dân|báo|cáo)\b",
    re.IGNORECASE,
)

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_VNI_PAIRS = {
    "a": dict(zip("øùûõïâàáåãäêèéúüë", "àáảãạâầấẩẫậăằắẳẵặ", strict=True)),
    "e": dict(zip("øùûõïâàáåãä", "èéẻẽẹêềếểễệ", strict=True)),
    "o": dict(zip("øùûõïâàáåãä", "òóỏõọôồốổỗộ", strict=True)),
    "ô": dict(zip("øùûõï", "ờớởỡợ", strict=True)),
    "u": dict(zip("øùûõï", "ùúủũụ", strict=True)),
    "ö": dict(zip("øùûõï", "ừứửữự", strict=True)),
    "y": dict(zip("øùûõ", "ỳýỷỹ", strict=True)),
}
_VNI_ALONE = dict(zip("ìíæóòôöîñ", "ìíỉĩịơưỵđ", strict=True))
_VNI = re.compile(r"([aeoôuöy])([øùûõïâàáåãäêèéúüë])|([ìíæóòôöîñ])", re.IGNORECASE)


def decoded(name: str, data: bytes) -> str:
    """UTF-8 or UTF-16, else the old encodings of Vietnamese by which most of its words make sense. Raises Refusal."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for half, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if data[half:400:2].count(0) > 60:  # no mark at its head; Latin letters have a zero each
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start > len(data) - 4:
            return data[: error.start].decode("utf-8-sig")
    guesses = [data.decode("utf-8-sig", errors="replace"), data.decode("cp1258", errors="replace")]
    guesses += [convert(data.decode("latin-1")) for convert in (from_tcvn3, from_vni)]
    best = max(guesses, key=lambda text: _known(unicodedata.normalize("NFC", text[:_SAMPLE])))
    if not _known(unicodedata.normalize("NFC", best[:_SAMPLE])):
        raise Refusal(
            f"Tệp {name} viết bằng bảng mã không đọc được. Mở bằng Word, lưu thành kiểu .docx rồi chọn lại."
        )
    return best


_SAMPLE = 20_000  # letters


def _known(text: str) -> int:
    return len(_WORDS.findall(text))


def revived(text: str) -> str:
    """Text that somebody copied out of .VnTime or VNI-Times as Unicode; any other text as it is."""
    sample = text[:_SAMPLE]
    known = _known(sample)
    options = [(_known(convert(sample)), convert) for convert in (from_tcvn3, from_vni)]
    best, convert = max(options, key=lambda option: option[0])
    return convert(text) if best >= 5 and best > 3 * known else text


def from_tcvn3(text: str) -> str:
    return text.translate({ord(old): new for old, new in _TCVN3.items()})


def from_vni(text: str) -> str:
    return _VNI.sub(_vni_letter, text)


def _vni_letter(found: re.Match[str]) -> str:
    base, mark, alone = found.groups()
    if alone:
        letter = _VNI_ALONE[alone.lower()]
        return letter.upper() if alone.isupper() else letter
    joined = _VNI_PAIRS[base.lower()].get(mark.lower())
    if joined is None:
        return _VNI_ALONE.get(base.lower(), base) + _VNI_ALONE.get(mark.lower(), mark)
    return joined.upper() if base.isupper() else joined
