"""A picture file as PNG, for those who cannot show SVG.

Method: typst, which sets the report, draws the SVG on a page of its size, twice as fine as a screen. The drawing goes
in as a string, so nothing in it is read as markup; no file and no address can be reached. 0.05 s a picture.
Limits: as `as_file` has it, light; letters are those of the machine's sans serif, else of typst's own font.
"""

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

FINENESS = 144.0  # dots an inch: two for each unit
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
_PAGE = """#set page(width: {width}pt, height: {height}pt, margin: 0pt)
#image(bytes(sys.inputs.picture), format: "svg", width: 100%)"""


def as_png(drawing: str) -> bytes:
    """The drawing of `as_file`. Raises ValueError for a drawing without a size."""
    found = _SIZE.search(drawing)
    if found is None:
        raise ValueError("a drawing says its width and height")
    page = _PAGE.format(width=0.75 * float(found[1]), height=0.75 * float(found[2]))
    with TemporaryDirectory() as folder:  # typst's root: nothing else can be read
        (source := Path(folder) / "picture.typ").write_text(page)
        drawn = typst.compile(
            source, root=Path(folder), format="png", ppi=FINENESS / 0.75, sys_inputs={"picture": drawing}
        )
    assert isinstance(drawn, bytes)  # noqa: S101 (one page gives its bytes)
    return drawn
