"""Bytes to text; the encodings of before Unicode, TCVN3 (.VnTime) and VNI (VNI-Times), are known by their words. Pure."""

import re

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


def decoded(data: bytes) -> str:
    """UTF-8 or UTF-16, else the old Vietnamese encodings."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return revived(data.decode("utf-16", errors="replace"))
    try:
        return revived(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return revived(data.decode("latin-1"))


def revived(text: str) -> str:
    """Text that somebody copied out of .VnTime or VNI-Times as Unicode; any other text as it is."""
    sample = text[:20_000]
    known = len(_WORDS.findall(sample))
    options = [(len(_WORDS.findall(convert(sample))), convert) for convert in (from_tcvn3, from_vni)]
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
