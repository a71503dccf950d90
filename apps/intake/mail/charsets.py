"""From bytes to text, whatever the mail claims about its charset.

The ladder: byte order mark, the declared charset through a table of aliases, UTF-8, the declared charset with a few
bytes replaced, detection on a sample, Latin-1. Every step below the first two leaves a defect, so that a person sees
why a word looks odd. Only the text codecs named here are ever used: Python also has `zlib`, `idna` and
`unicode_escape`, which a stranger must not choose for us.
"""

# ruff: noqa: SIM905  a paragraph of words is easier to read and to extend than a list of strings

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

_SAMPLE_BYTES = 8_192  # detection is the only slow step
_ENOUGH_TO_DETECT, _MOSTLY_FOREIGN = 12, 0.3  # bytes above 127: how many, or which share
_MAINFRAME = [
    "cp037",
    "cp1026",
    "cp1140",
    "cp273",
    "cp424",
    "cp500",
    "utf_7",
]  # any ASCII text fits them, as nonsense
_TOLERATED_LOSS = 0.02  # share of replaced characters at which a declared charset is still believed

# Declared name (lower case) -> codecs in the order to try. A superset stands in for its subset, because senders
# declare the subset and use the superset.
_ALIASES: dict[str, tuple[str, ...]] = {
    "ascii": ("ascii",),
    "us-ascii": ("ascii",),
    "ansi_x3.4-1968": ("ascii",),
    "646": ("ascii",),
    "iso-8859-1": ("cp1252",),
    "latin1": ("cp1252",),
    "latin-1": ("cp1252",),
    "iso-8859-9": ("cp1254",),
    "iso-8859-8-i": ("cp1255", "iso8859_8"),
    "iso-8859-8-e": ("cp1255", "iso8859_8"),
    "iso-8859-8": ("cp1255", "iso8859_8"),
    "iso-8859-6-i": ("iso8859_6", "cp1256"),
    "tis-620": ("cp874",),
    "iso-8859-11": ("cp874",),
    "gb2312": ("gb18030",),
    "gb_2312-80": ("gb18030",),
    "gbk": ("gb18030",),
    "x-gbk": ("gb18030",),
    "cp936": ("gb18030",),
    "euc-cn": ("gb18030",),
    "big5": ("big5", "cp950", "big5hkscs"),
    "x-x-big5": ("big5", "cp950", "big5hkscs"),
    "big5-hkscs": ("big5hkscs", "cp950"),
    "ks_c_5601": ("cp949",),
    "ks_c_5601-1987": ("cp949",),
    "ks_c_5601-1989": ("cp949",),
    "ksc5601": ("cp949",),
    "euc-kr": ("cp949",),
    "korean": ("cp949",),
    "windows-949": ("cp949",),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "shift-jis": ("cp932", "shift_jis_2004"),
    "x-sjis": ("cp932", "shift_jis_2004"),
    "sjis": ("cp932", "shift_jis_2004"),
    "windows-31j": ("cp932",),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "x-euc-jp": ("euc_jp", "euc_jis_2004"),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_2"),
    "iso-2022-kr": ("iso2022_kr",),
    "unicode-1-1-utf-7": ("utf_7",),
    "unicode-1-1-utf-8": ("utf_8",),
    "utf8": ("utf_8",),
    "utf-8-sig": ("utf_8",),
    "utf8mb4": ("utf_8",),
    "unicode": ("utf_16", "utf_8"),
    "x-mac-roman": ("mac_roman",),
    "macintosh": ("mac_roman",),
    "x-mac-cyrillic": ("mac_cyrillic",),
    "x-mac-ukrainian": ("mac_cyrillic",),
    "x-mac-greek": ("mac_greek",),
    "x-mac-turkish": ("mac_turkish",),
    "x-mac-icelandic": ("mac_iceland",),
    "x-mac-croatian": ("mac_croatian",),
    "x-mac-romanian": ("mac_romanian",),
    "x-mac-ce": ("mac_latin2",),
    "x-mac-centraleurroman": ("mac_latin2",),
    "x-mac-japanese": ("cp932",),
    "x-mac-korean": ("cp949",),
    "x-mac-chinesesimp": ("gb18030",),
    "x-mac-chinesetrad": ("big5", "cp950"),
    "koi8": ("koi8_r",),
}
_TEXT_CODECS = frozenset(
    """ascii big5 big5hkscs cp037 cp1026 cp1125 cp1140 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257
    cp1258 cp273 cp424 cp437 cp500 cp720 cp737 cp775 cp850 cp852 cp855 cp856 cp857 cp858 cp860 cp861 cp862 cp863
    cp864 cp865 cp866 cp869 cp874 cp875 cp932 cp949 cp950 euc_jis_2004 euc_jisx0213 euc_jp euc_kr gb18030 gb2312
    gbk hp-roman8 hz iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr
    iso8859-1 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 iso8859-2 iso8859-3 iso8859-4
    iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 johab koi8-r koi8-t koi8-u kz1048 mac-croatian mac-
    cyrillic mac-farsi mac-greek mac-iceland mac-latin2 mac-roman mac-romanian mac-turkish ptcp154 shift_jis
    shift_jis_2004 shift_jisx0213 tis-620 utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le utf-7 utf-8""".split()
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with the other's
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# C0 and C1 controls that no text needs (tab, line feed and carriage return stay), and lone surrogates.
_UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def decode(data: bytes, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """The text of `data`, cleaned for the database, and what had to be assumed on the way. Never raises."""
    text, defects = _decode(data, declared)
    return clean(text), defects


def clean(text: str) -> str:
    """One kind of line break, no NUL or other control character, nothing that UTF-8 cannot store."""
    return _UNSTORABLE.sub("", _LINE_BREAKS.sub("\n", text)).removeprefix("\ufeff")


def _decode(data: bytes, declared: str) -> tuple[str, tuple[str, ...]]:
    name = _name(declared)
    candidates = codecs_for(name)
    for bom, codec in _BOMS:
        if data.startswith(bom) and (text := _strictly(data, codec)) is not None:
            return text, ()
    for codec in candidates:
        if (text := _strictly(data, codec)) is not None:
            return text, ()
    if (text := _strictly(data, "utf-8")) is not None:
        known = not name or (candidates in ((), ("ascii",)) and data.isascii())
        return text, () if known else (f"charset: declared {name}, read as utf-8",)
    if candidates and candidates != ("ascii",):
        text = data.decode(candidates[0], "replace")
        if text.count("\ufffd") <= 1 + len(text) * _TOLERATED_LOSS:
            return text, (f"charset: {name} with broken characters",)
    return _guess(data, name)


def codecs_for(name: str) -> tuple[str, ...]:
    """The codecs to try for a declared charset; empty when it is unknown or not a text encoding."""
    if name in _ALIASES:
        return _ALIASES[name]
    for spelling in (
        name,
        re.sub(r"^(?:x-|cs)", "", name),
        re.sub(r"^(?:x-)?(cp|windows)[-_ ]?", "cp", name),
    ):
        try:
            found = codecs.lookup(spelling).name
        except (LookupError, ValueError):
            continue
        if found in _TEXT_CODECS:
            return _ALIASES.get(found.replace("iso8859", "iso-8859"), (found,))
    return ()


def _name(declared: str) -> str:
    """`"UTF-8;format=flowed"` -> `utf-8`: quotes, comments and parameters of careless senders go."""
    found = re.search(r"[a-z0-9][a-z0-9._:+-]{0,39}", declared[:200].lower())
    return found.group().strip(".:+") if found else ""


def _strictly(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
    except (UnicodeError, LookupError):
        return None
    # Vietnamese Windows text carries its tone marks apart from the letters.
    return unicodedata.normalize("NFC", text) if codec == "cp1258" else text


def _guess(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    claim = f"declared {name}" if name else "none declared"
    sample = data[:_SAMPLE_BYTES]
    foreign = sum(byte > 0x7F for byte in sample)
    # A few accents in Latin text prove nothing to a detector; they are nearly always Western.
    if foreign >= _ENOUGH_TO_DETECT or foreign > len(sample) * _MOSTLY_FOREIGN:
        best = from_bytes(sample, steps=5, chunk_size=512, cp_exclusion=_MAINFRAME).best()
        if best is not None and codecs_for(best.encoding.replace("_", "-")):
            return data.decode(best.encoding, "replace"), (f"charset: {claim}, detected {best.encoding}",)
    if (text := _strictly(data, "cp1252")) is not None:
        return text, (f"charset: {claim}, read as windows-1252",)
    return data.decode("latin-1"), (f"charset: {claim}, read as latin-1",)
