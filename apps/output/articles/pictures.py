"""What a file is that claims to be a picture: its kind and its size, read from its first bytes.

Method: the headers of PNG, GIF, WebP and JPEG, which stand in their specifications (PNG 1.2 §11.2.2, GIF89a §18, RFC
9649 §2, ITU-T T.81 §B.2.2). No pixel is read, so a picture that is damaged further on is taken for one. These four can
hold no script; everything else, SVG too, is no picture here. A JPEG that was turned by its camera is measured as its
pixels lie.
"""

from dataclasses import dataclass

# The markers of a JPEG that begin a frame; C4, C8 and CC are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Picture:
    content_type: str
    width: int
    height: int


def picture_in(content: bytes) -> Picture | None:
    """The picture these bytes are; None where they are none, or one without a size."""
    found = _png(content) or _gif(content) or _webp(content) or _jpeg(content)
    return found if found and found.width and found.height else None


def _png(content: bytes) -> Picture | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or len(content) < 24:
        return None
    return Picture("image/png", _big(content[16:20]), _big(content[20:24]))


def _gif(content: bytes) -> Picture | None:
    if content[:6] not in (b"GIF87a", b"GIF89a") or len(content) < 10:
        return None
    return Picture("image/gif", _little(content[6:8]), _little(content[8:10]))


def _webp(content: bytes) -> Picture | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or len(content) < 30:
        return None
    match content[12:16]:
        case b"VP8X":
            size = _little(content[24:27]) + 1, _little(content[27:30]) + 1
        case b"VP8L":
            bits = _little(content[21:25])
            size = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            size = _little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF
        case _:
            return None
    return Picture("image/webp", *size)


def _jpeg(content: bytes) -> Picture | None:
    """From marker to marker until a frame begins, which says how large it is."""
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            return Picture("image/jpeg", _big(content[at + 7 : at + 9]), _big(content[at + 5 : at + 7]))
        # Fill bytes come one by one; markers that stand alone have no length.
        at += 1 if marker == 0xFF else 2 if marker in _ALONE else 2 + _big(content[at + 2 : at + 4])
    return None


def _big(some: bytes) -> int:
    return int.from_bytes(some, "big")


def _little(some: bytes) -> int:
    return int.from_bytes(some, "little")
