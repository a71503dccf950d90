"""What a reply says anew, and what it only quotes. For display: the whole is always stored.

Text is walked line by line, so that words written *between* quotations stay visible and hostile text costs linear time;
the lines that announce a quotation come from the tables of mail-parser-reply, with its gaps filled. HTML is cut at the
marks that mail programs leave. Where nothing new would remain (a bare forward), all of it is shown.
"""

# ruff: noqa: SIM905  a paragraph of words is easier to read and to extend than a list of strings

import re
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from mailparser_reply.constants import MAIL_LANGUAGES
from selectolax.lexbor import LexborHTMLParser, LexborNode

from apps.intake.mail.html import is_too_tangled, quote_class, quote_id


@dataclass(frozen=True, slots=True)
class Passage:
    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Trimmed:
    """A body in two: what to show, and what to fold away."""

    visible: str
    quoted: str


_MAX_WORK = 500_000  # a page above it is shown whole
_MAX_HEADER_LINE = 400
_MAX_HEADER_LINES = 3  # a long "On ... wrote:" is wrapped by the sender's program
_DATED = r"(?=.*\d)"
_WROTE = re.compile(
    rf"^[> ]*(?:on\b{_DATED}.* wrote|am\b{_DATED}.* schrieb\b.*|{_DATED}.* schrieb .*|le\b{_DATED}.* a écrit"
    rf"|el\b{_DATED}.* escribió|il\b{_DATED}.* ha scritto|em\b{_DATED}.* escreveu"
    rf"|op\b{_DATED}.* schreef\b.*"
    rf"|{_DATED}.* skrev\b.*|{_DATED}.* kirjoitti\b.*|{_DATED}.* napisał(?:\(a\)|a)?\b.*"
    rf"|{_DATED}.* napsal(?:\(a\)|a)?\b.*"
    rf"|{_DATED}.* a scris|{_DATED}.* (?:написал|пише|написав|пишет)(?:\(а\)|а)?.*"
    rf"|{_DATED}.* yazdı|{_DATED}.* ezt írta.*"
    rf"|{_DATED}.* έγραψε.*|{_DATED}.* כתב.*|{_DATED}.*写道|{_DATED}.*寫道|{_DATED}.*のメール|{_DATED}.*작성.*"
    rf"|{_DATED}.*<[^<>@\s]{{1,64}}@[^<>@\s]{{1,200}}>)\s?[:：]\s*$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"^[> ]*(?:-{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|original-?nachricht"
    r"|message d.origine|message original"
    r"|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht"
    r"|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding|alkuperäinen viesti"
    r"|wiadomość oryginalna|исходное сообщение|původní zpráva|orijinal mesaj|原始邮件|原始郵件|original"
    r"|reply message|回复的邮件|元のメッセージ|원본 메시지)"
    r"\s*-{2,}|_{32,})\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"forwarded message|weitergeleitete nachricht|message transféré"
    r"|mensaje reenviado|messaggio inoltrato"
    r"|begin forwarded|doorgestuurd bericht|mensagem encaminhada|转发的邮件|пересылаемое сообщение",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[>* ]*(\w[\w\s-]{0,24}?)\s?\*{0,2}\s?[:：]\*{0,2}\s*\S", re.UNICODE)
_FIRST_LABELS = frozenset(
    "from von de da van od fra från lähettäjä kimden от від 发件人 寄件者 差出人 보낸사람 מאת".split()
) | {"보낸 사람", "expéditeur"}
_OTHER_LABELS = frozenset(
    """sent date to cc subject gesendet datum an betreff envoyé à objet enviado para asunto fecha assunto data inviato a
    oggetto verzonden aan onderwerp wysłano do temat dw odesláno komu předmět sendt til emne skickat till ämne kopia
    lähetetty vastaanottaja aihe tarih kime konu отправлено дата кому тема копия 发送时间 收件人 主题 抄送 日期
    寄件日期 收件者 主旨 送信日時 宛先 件名 보낸날짜 받는사람 제목 참조 נשלח אל נושא""".split()
)


def passages(text: str) -> tuple[Passage, ...]:
    """The text in order, cut where quoting begins and ends."""
    lines = text.split("\n")
    marks = _quoted_lines(lines)
    runs = groupby(zip(lines, marks, strict=True), key=lambda pair: pair[1])
    return tuple(Passage("\n".join(line for line, _ in run), quoted) for quoted, run in runs)


def trim_text(text: str) -> Trimmed:
    cut = passages(text)
    visible = "\n".join(one.text for one in cut if not one.quoted).strip()
    if not visible:
        return Trimmed(text.strip(), "")
    return Trimmed(visible, "\n".join(one.text for one in cut if one.quoted).strip())


def _quoted_lines(lines: list[str]) -> list[bool]:
    quoted = [False] * len(lines)
    index, below_header = 0, False
    while index < len(lines):
        line = lines[index]
        if line.lstrip().startswith(">"):
            quoted[index] = True
            index += 1
        elif length := _attribution(lines, index):
            # After "On ... wrote:" a program either marks each quoted line or marks none; then all the rest is quoted.
            marked = any(one.lstrip().startswith(">") for one in lines[index + length : index + length + 5])
            below_header = below_header or not marked
            quoted[index : index + length] = [True] * length
            index += length
        elif _SEPARATOR.match(line[:_MAX_HEADER_LINE]) or _begins_header_block(lines, index):
            below_header = True
            quoted[index] = True
            index += 1
        else:
            quoted[index] = below_header
            index += 1
    return _without_lonely_blanks(lines, quoted)


def _attribution(lines: list[str], index: int) -> int:
    """How many lines from here announce a quotation; none at all is 0."""
    first = lines[index].strip()
    if not first or _FORWARD.search(first[:_MAX_HEADER_LINE]):
        return 0
    joined = ""
    for length, line in enumerate(lines[index : index + _MAX_HEADER_LINES], start=1):
        joined = f"{joined} {line.strip()}".strip()
        if not line.strip() or len(joined) > _MAX_HEADER_LINE:
            return 0
        if joined[-1] in ":：" and (_WROTE.match(joined) or _known_header(joined)):
            return length
    return 0


def _known_header(line: str) -> bool:
    return any(pattern.match(line) for pattern in _library_patterns())


@cache
def _library_patterns() -> tuple[re.Pattern[str], ...]:
    tables = (table.get("wrote_header", "") for table in MAIL_LANGUAGES.values())
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in tables if pattern)


def _begins_header_block(lines: list[str], index: int) -> bool:
    """Outlook quotes under a small header: `From:` and at least two more labels in the lines below."""
    if _label(lines[index]) not in _FIRST_LABELS or (index and _FORWARD.search(_line_above(lines, index))):
        return False
    return sum(_label(line) in _OTHER_LABELS for line in lines[index + 1 : index + 8]) >= 2


def _line_above(lines: list[str], index: int) -> str:
    return next((line for line in reversed(lines[max(0, index - 3) : index]) if line.strip()), "")[
        :_MAX_HEADER_LINE
    ]


def _label(line: str) -> str:
    found = _LABEL.match(line[:_MAX_HEADER_LINE])
    return found[1].strip().casefold() if found else ""


def _without_lonely_blanks(lines: list[str], quoted: list[bool]) -> list[bool]:
    """A blank line between two quoted ones is part of the quotation."""
    result = list(quoted)
    last_quoted = False
    for index, line in enumerate(lines):
        if line.strip():
            last_quoted = quoted[index]
        elif last_quoted:
            result[index] = True
    return result


def trim_html(page: str) -> Trimmed:
    """The same for sanitised HTML: quotations are cut out, words between them stay."""
    if is_too_tangled(page, _MAX_WORK):
        return Trimmed(page, "")
    body = LexborHTMLParser(page).body
    if body is None:
        return Trimmed(page, "")
    cut: list[str] = []
    mark = next((node for node in body.css("div, hr, includetail, span") if _starts_the_rest(node)), None)
    if mark is not None:
        _take(_from_here_on(mark, body), cut)
    _take(_outermost(body.css("div, blockquote")), cut)
    if not _says_something(body):
        return Trimmed(page, "")
    return Trimmed((body.inner_html or "").strip(), "\n".join(cut))


def _take(nodes: list[LexborNode], cut: list[str]) -> None:
    """Move nodes out of the page. None may lie inside another: taking a node out frees its children's memory."""
    for node in nodes:
        cut.append(node.html or "")
        node.decompose()


def _starts_the_rest(node: LexborNode) -> bool:
    """Outlook and QQ do not frame the quotation: it begins at a mark and runs to the end."""
    identity = node.attributes.get("id") or ""
    if (
        identity.removeprefix("x_") in ("divRplyFwdMsg", "appendonsend", "isReplyContent")
        or node.tag == "includetail"
    ):
        return True
    if identity == "mail-editor-reference-message-container":
        return True
    own = (node.text(deep=False) or "").strip()
    return bool(own) and len(own) <= _MAX_HEADER_LINE and _SEPARATOR.match(own) is not None


def _from_here_on(mark: LexborNode, body: LexborNode) -> list[LexborNode]:
    """The mark and everything after it in the page's order."""
    taken: list[LexborNode] = [mark]
    node: LexborNode | None = mark
    while node is not None and node.mem_id != body.mem_id:
        sibling = node.next
        while sibling is not None:
            taken.append(sibling)
            sibling = sibling.next
        node = node.parent
    return taken


def _outermost(frames: list[LexborNode]) -> list[LexborNode]:
    """The quotations that lie in no other quotation; `frames` are in the page's order."""
    found: dict[int, LexborNode] = {}
    for frame in frames:
        parent = frame.parent
        while parent is not None and parent.mem_id not in found:
            parent = parent.parent
        if parent is None and _is_quotation(frame):
            found[frame.mem_id] = frame
    return list(found.values())


def _is_quotation(node: LexborNode) -> bool:
    classes = [name for name in (node.attributes.get("class") or "").split() if quote_class(name)]
    if node.tag == "blockquote":
        return bool(classes) or node.attributes.get("type") == "cite"
    if _FORWARD.search(_first_words(node)):
        return False
    identity = node.attributes.get("id") or ""
    # A frame that holds blockquotes may hold answers between them: only its blockquotes go, and its first line.
    if any("yahoo_quoted" in name for name in classes) or (
        identity and "yahoo_quoted" in identity and quote_id(identity)
    ):
        return node.css_first("blockquote") is None
    return any(
        name.removeprefix("x_") in ("gmail_attr", "moz-cite-prefix") for name in classes
    ) or _is_attribution(node)


def _is_attribution(node: LexborNode) -> bool:
    words = " ".join(_first_words(node).split())
    return 0 < len(words) <= _MAX_HEADER_LINE and words[-1] in ":：" and _WROTE.match(words) is not None


def _first_words(node: LexborNode) -> str:
    """A little more text than a header line has, without walking the whole of a large frame."""
    words, length = [], 0
    for piece in node.traverse(include_text=True):
        if piece.is_text_node:
            words.append(piece.text_content or "")
            length += len(words[-1])
        if length > _MAX_HEADER_LINE:
            break
    return "".join(words)


def _says_something(body: LexborNode) -> bool:
    return bool((body.text() or "").strip()) or body.css_first("img") is not None
