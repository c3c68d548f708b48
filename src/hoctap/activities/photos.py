"""Photos as they are kept: a JPEG of at most 1,600 pixels, drawn anew, so that nothing rides along (EXIF, GPS, XMP)."""

import io
import warnings
from pathlib import PurePosixPath

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from hoctap.kernel.errors import Refusal

LIMIT = 15 * 1024 * 1024  # bytes of one photo as it comes
SIDE, THUMB = 1600, 320  # pixels of the longer side
MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")

pillow_heif.register_heif_opener()


def is_photo(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def redrawn(name: str, data: bytes) -> bytes:
    """The photo to keep. Refusal naming it where it is no photo, too heavy or too large."""
    if len(data) > LIMIT:
        raise too_heavy(name, len(data))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # looked at right below
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        return _drawn(image, SIDE, 82)
    except Image.DecompressionBombError:
        raise _refusal(name, "ảnh có quá nhiều điểm ảnh (trên 80 triệu). Chụp lại ở cỡ thường") from None
    except UnidentifiedImageError:
        raise _refusal(name, "nội dung không phải ảnh JPEG, PNG, WebP hay HEIC. Chọn lại ảnh") from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise _refusal(name, "ảnh hỏng hoặc bị cắt giữa chừng. Gửi lại ảnh") from None


def thumbnail(data: bytes) -> bytes:
    """A small JPEG of a kept photo."""
    return _drawn(Image.open(io.BytesIO(data), formats=("JPEG",)), THUMB, 75)


def too_heavy(name: str, size: int) -> Refusal:
    said = f"{size / 1024 / 1024:.1f}".replace(".", ",")
    return _refusal(
        name, f"nặng {said} MB, nhiều nhất là 15 MB. Giảm cỡ ảnh trên điện thoại, hoặc chụp lại ở cỡ thường"
    )


def _drawn(image: Image.Image, side: int, quality: int) -> bytes:
    image.draft("RGB", (side, side))  # a large JPEG is read small at once
    image = ImageOps.exif_transpose(image)
    image.thumbnail((side, side))
    plain = Image.new("RGB", image.size, "white")
    image = image.convert("RGBA") if image.mode in ("RGBA", "LA", "P", "PA") else image.convert("RGB")
    plain.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _refusal(name: str, why: str) -> Refusal:
    return Refusal(f"Ảnh {name}: {why}. Chưa nhận ảnh này.", [(name, why)])
