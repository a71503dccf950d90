"""Pictures of articles, made ready to be shown to anybody: upright, no larger than a screen shows, and without what the
camera wrote into them, perhaps where it was. Four kinds that hold no script; everything else, SVG too, is a file."""

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from helpdesk.errors import DomainError

CONTENT_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
# Pixels: twice as wide as an article, for fine screens.
LARGEST = (1600, 3200)
# Drawn out in memory a pixel takes four bytes; more than the sensors of cameras give is an accident, or an attack.
MOST_PIXELS = 50_000_000
# Of these, two neighbours do not make one between them.
_UNMIXABLE = ("1", "P")


class TooManyPixels(DomainError):
    """This picture has more than 50 million pixels. Make it smaller first."""

    code = "too-many-pixels"
    status = 422


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` in pixels, as it is shown."""

    content: bytes
    content_type: str
    width: int
    height: int


def picture_in(content: bytes) -> Picture | None:
    """The picture these bytes are, ready to be shown; None where they are none, or a damaged one. What moves stays as
    it is. Raises TooManyPixels."""
    try:
        with Image.open(BytesIO(content), formats=tuple(CONTENT_TYPES)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise TooManyPixels(pointer="files")
            # Some telephones put a second picture behind a JPEG, for depth: the first is the one to show.
            kind = "JPEG" if image.format == "MPO" else str(image.format)
            if kind != "JPEG" and getattr(image, "is_animated", False):
                return Picture(content, CONTENT_TYPES[kind], *image.size)
            return _made_ready(image, kind)
    except Image.DecompressionBombError as error:
        raise TooManyPixels(pointer="files") from error
    # How Pillow says that bytes are no picture, or half of one.
    except (OSError, ValueError, SyntaxError, EOFError):
        return None


def _made_ready(image: Image.Image, kind: str) -> Picture:
    upright = ImageOps.exif_transpose(image)
    if upright.width > LARGEST[0] or upright.height > LARGEST[1]:
        if upright.mode in _UNMIXABLE:
            upright = upright.convert("RGBA")
        upright.thumbnail(LARGEST)
    # Of what goes with a picture, only what its colours mean.
    kept = {name: upright.info[name] for name in ("icc_profile", "transparency") if name in upright.info}
    upright.info = {}
    made = BytesIO()
    upright.save(made, kind, quality=85, optimize=True, **kept)
    return Picture(made.getvalue(), CONTENT_TYPES[kind], *upright.size)
