"""Raw mails of every kind that real senders produce, made in code: `evil()` names each, the rest builds one."""

import base64

BASE = {
    "From": "Zoe <zoe@example.org>",
    "To": "support@helpdesk.test",
    "Subject": "My card did not arrive",
    "Message-ID": "<first.1@example.org>",
    "Date": "Mon, 2 Feb 2026 10:00:00 +0100",
}


def mail(body: bytes | str = "Hello", headers: dict[str, str | bytes | None] | None = None) -> bytes:
    """A plain mail; `headers` add to the usual ones, None takes one away, bytes go in as they are."""
    lines = []
    for name, value in {**BASE, **(headers or {})}.items():
        if value is not None:
            lines.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body if isinstance(body, bytes) else body.encode())


def part(content_type: str, body: bytes | str = b"", **headers: str) -> bytes:
    lines = [
        f"Content-Type: {content_type}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + (body if isinstance(body, bytes) else body.encode())


def base64_part(content_type: str, content: bytes, **headers: str) -> bytes:
    encoded = base64.encodebytes(content)
    return part(content_type, encoded, Content_Transfer_Encoding="base64", **headers)


def multipart(
    *parts: bytes, subtype: str = "mixed", boundary: str = "b1", headers: dict | None = None
) -> bytes:
    return mail(
        joined(parts, boundary),
        {"Content-Type": f'multipart/{subtype}; boundary="{boundary}"', **(headers or {})},
    )


def joined(parts: tuple[bytes, ...], boundary: str) -> bytes:
    mark = boundary.encode()
    return b"".join(b"--" + mark + b"\r\n" + one + b"\r\n" for one in parts) + b"--" + mark + b"--\r\n"


def nested(depth: int, innermost: bytes) -> bytes:
    inner = innermost
    for level in range(depth):
        inner = part(f'multipart/mixed; boundary="n{level}"', joined((inner,), f"n{level}"))
    return b"From: zoe@example.org\r\nSubject: deep\r\n" + inner


def delivery_report(
    *,
    action: str = "failed",
    status: str = "5.1.1",
    original_id: str = "<out.1@helpdesk.test>",
    diagnosis: str = "",
) -> bytes:
    status_part = (
        "Reporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; gone@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        + (f"Diagnostic-Code: smtp; {diagnosis}\r\n" if diagnosis else "")
    )
    returned = f"From: support@helpdesk.test\r\nMessage-ID: {original_id}\r\nSubject: x\r\n\r\nOld"
    return multipart(
        part("text/plain", "Your mail could not be delivered."),
        part("message/delivery-status", status_part),
        part("message/rfc822", returned),
        subtype="report; report-type=delivery-status",
        headers={"From": "MAILER-DAEMON@mx.example.org", "Return-Path": "<>", "Subject": "Undelivered Mail"},
    )


def evil() -> dict[str, bytes]:
    """Each must be read without an exception, in time, and with nothing that the database cannot store."""
    many = ", ".join(f"Person {i} <p{i}@example.org>" for i in range(3_000))
    return {
        "nothing": b"",
        "blank lines": b"\r\n\r\n\r\n",
        "nul bytes only": b"\x00" * 1_000,
        "every byte": bytes(range(256)) * 50,
        "headers only": b"From: a@b.test\r\nSubject: x",
        "body only": b"\r\n\r\njust words",
        "no from": mail(headers={"From": None}),
        "empty values": mail("", dict.fromkeys(["From", "To", "Subject", "Message-ID", "Date"], "")),
        "bracket id": mail(headers={"Message-ID": "<[]>"}),
        "unknown charset": mail(b"caf\xe9", {"Content-Type": "text/plain; charset=x-unknown-9"}),
        "nul charset": mail(b"caf\xe9", {"Content-Type": b"text/plain; charset=\x00utf-8\x00"}),
        "codec that is no text": mail(b"x\x9c", {"Content-Type": "text/plain; charset=zlib_codec"}),
        "undefined codec": mail(b"\xff", {"Content-Type": "text/plain; charset=undefined"}),
        "missing boundary": mail(
            "--x\r\nContent-Type: text/plain\r\n\r\nhi\r\n--x--", {"Content-Type": "multipart/mixed"}
        ),
        "boundary never seen": mail("words", {"Content-Type": "multipart/mixed; boundary=zzz"}),
        "boundary is a dash": multipart(part("text/plain", "dash"), boundary="-"),
        "deep": nested(300, part("text/plain", "at the bottom")),
        "deeper": nested(2_000, part("text/plain", "at the bottom")),
        "letters in letters": b"From: a@b.test\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 5_000,
        "many recipients": mail(headers={"To": many, "Cc": many}),
        "huge subject": mail(headers={"Subject": "s" * 10_000_000}),
        "huge folded subject": mail(headers={"Subject": "s\r\n " * 200_000}),
        "many headers": b"From: a@b.test\r\n" + b"X: y\r\n" * 200_000 + b"\r\nbody",
        "many parts": multipart(*[part("text/plain", f"{i}") for i in range(5_000)]),
        "comments in comments": mail(headers={"From": "(" * 50_000 + "a@b.test"}),
        "quotes": mail(headers={"To": '"' * 50_001 + "a@b.test"}),
        "encoded words": mail(headers={"Subject": "=?utf-8?q?a" * 20_000}),
        "parameters": mail(headers={"Content-Type": "text/plain; " + "a=b;" * 50_000}),
        "contradictory continuations": mail(
            headers={
                "Content-Disposition": "attachment; filename*0=a; filename*=b; filename*x=c; filename*0*=d"
            }
        ),
        "absurd dates": mail(headers={"Date": "Mon, 99 Foo 99999999999 99:99:99 +99999999"}),
        "mbox line": b"From zoe@example.org Mon Feb  2 10:00:00 2026\r\n" + mail(),
        "lone carriage returns": mail().replace(b"\r\n", b"\r"),
        "bad base64": mail("=====%%%%", {"Content-Transfer-Encoding": "base64"}),
        "text declared base64": mail(
            "This is plain text, whatever it says.", {"Content-Transfer-Encoding": "base64"}
        ),
        "unknown encoding": mail("words", {"Content-Transfer-Encoding": "x-strange"}),
        "endless uuencode": mail("begin 644 a\n" * 50_000),
        "tangled html": mail("<div>" * 100_000, {"Content-Type": "text/html"}),
        "restarted formatting": mail(
            "".join(f"<b id={i}>" for i in range(300)) + "</p><p>x" * 50_000, {"Content-Type": "text/html"}
        ),
        "angle brackets": mail("<" * 500_000, {"Content-Type": "text/html"}),
        "surrogates": mail("=?utf-8?b?7aCA?=", {"Subject": "=?utf-8?b?7aCA?= \\ud800"}),
        "utf-16": mail("\ufeffhello".encode("utf-16"), {"Content-Type": "text/plain; charset=utf-16"}),
        "base64 multipart": mail(
            base64.b64encode(joined((part("text/plain", "inside"),), "q")),
            {"Content-Type": "multipart/mixed; boundary=q", "Content-Transfer-Encoding": "base64"},
        ),
    }
