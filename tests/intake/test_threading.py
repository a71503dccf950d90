"""Which ticket a mail belongs to, in order of trust; and the same mail twice."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.intake import message_id
from apps.intake.fingerprint import fingerprint
from apps.intake.mail import read
from apps.intake.threading import Trust, candidates
from tests.intake.letters import base64_part, mail, multipart, part

RECEIVED = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "a secret of the test"


def letter(body: bytes | str = "Hello", **headers: str | None):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return read(mail(body, named), received_at=RECEIVED)


def number_in(value: str) -> int | None:
    return message_id.verify(value, secret=SECRET)


def signed(number: int) -> str:
    return message_id.sign(number, "n0nce", domain="helpdesk.test", secret=SECRET)


@given(st.integers(1, 10**17), st.text("abc019", min_size=1, max_size=40))
def test_a_signed_id_gives_back_its_ticket(number, nonce):
    value = message_id.sign(number, nonce, domain="Helpdesk.test", secret=SECRET)
    assert message_id.verify(value, secret=SECRET) == number
    assert message_id.verify(value.upper().strip("<>"), secret=SECRET) == number


def test_a_signed_id_survives_a_change_of_domain():
    assert message_id.verify(signed(7).replace("helpdesk.test", "new.test"), secret=SECRET) == 7


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "<>",
        "x",
        signed(7).replace(".7.", ".8."),
        signed(7).replace("n0nce", "other"),
        "<ticket.7.n0nce.@x>",
        signed(7) + "x",
    ],
)
def test_a_forged_id_gives_nothing(forged):
    assert message_id.verify(forged, secret=SECRET) is None


def test_another_secret_does_not_verify():
    assert message_id.verify(signed(7), secret="other") is None


def test_a_nonce_that_could_break_the_header_is_refused():
    with pytest.raises(ValueError, match="nonce"):
        message_id.sign(7, "a>\r\nBcc: x", domain="helpdesk.test", secret=SECRET)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: Card [#4182]", (4182,)),
        ("[#1] [#2] [#1]", (1, 2)),
        ("[Ticket#4182]", ()),
        ("#4182", ()),
        ("[#0]", ()),
        ("[#abc]", ()),
    ],
)
def test_only_our_own_tag_names_a_ticket(subject, expected):
    assert message_id.subject_tags(subject) == expected


@pytest.mark.parametrize(
    ("subject", "bare"),
    [
        ("Re: Card", "Card"),
        ("RE: AW: SV: Antw: RV: Card", "Card"),
        ("Re[2]: Fwd: Card", "Card"),
        ("RE : Card", "Card"),
        ("回复：Card", "Card"),
        ("Отв: Card", "Card"),
        ("YNT: VS: Odp: Card [#12]", "Card"),
        ("[EXT] Re: Card", "Card"),
        ("Re:", ""),
        ("Regarding: Card", "Regarding: Card"),
        ("Reset: Card", "Reset: Card"),
        ("Card Re: something", "Card Re: something"),
    ],
)
def test_reply_prefixes_of_all_languages_are_stripped(subject, bare):
    assert message_id.bare_subject(subject) == bare
    assert message_id.is_reply(subject) == (bare != " ".join(subject.split()))


def test_lookups_come_in_order_of_trust():
    found = candidates(
        letter(
            Subject="Re: x [#9]",
            References=f"<old.1@x> {signed(4)} <new.2@x>",
            In_Reply_To=f"{signed(5)} <direct.3@x>",
        ),
        number_in=number_in,
    )
    assert [(one.trust, one.ticket_number or one.message_id) for one in found] == [
        (Trust.SIGNED, 4),
        (Trust.SIGNED, 5),
        (Trust.KNOWN_ID, "new.2@x"),
        (Trust.KNOWN_ID, "old.1@x"),
        (Trust.KNOWN_ID, "direct.3@x"),
        (Trust.SUBJECT_TAG, 9),
    ]
    assert [one.needs_participant for one in found] == [False] * 5 + [True]


def test_a_forged_id_is_only_an_id_to_look_up():
    forged = signed(4).replace(".4.", ".5.")
    found = candidates(letter(References=forged), number_in=number_in)
    assert [one.trust for one in found] == [Trust.KNOWN_ID]


def test_a_bounce_is_looked_up_by_the_id_inside_it():
    assert candidates(letter(), number_in=number_in, also=[signed(6)])[0].ticket_number == 6


def test_a_first_letter_has_nowhere_to_look():
    assert candidates(letter(), number_in=number_in) == ()


def test_the_same_mail_by_two_ways_has_one_fingerprint():
    assert fingerprint(letter(Received="by a", X_Spam_Score="1")) == fingerprint(letter(Received="by b"))


def test_a_mail_without_id_is_known_by_its_stable_values():
    bare = {"Message_ID": None}
    first = fingerprint(letter(**bare, Received="by a"))
    assert first == fingerprint(letter("Hello \r\n", **bare, Received="by b"))
    assert first.startswith("is:")
    for change in ({"Subject": "x"}, {"From": "o@example.org"}, {"Date": "Mon, 2 Feb 2026 10:00:01 +0100"}):
        assert fingerprint(letter(**bare, **change)) != first
    assert fingerprint(letter("Other", **bare)) != first


def test_several_ids_do_not_count_as_one():
    one = letter("a", Message_ID="<one.1@x> <two.2@x>")
    assert fingerprint(one) != fingerprint(letter("b", Message_ID="<one.1@x> <two.2@x>"))


def test_attachments_are_part_of_the_fingerprint():
    raws = [
        multipart(part("text/plain", "x"), base64_part("image/png", content), headers={"Message-ID": "<[]>"})
        for content in (b"1", b"2")
    ]
    assert len({fingerprint(read(raw, received_at=RECEIVED)) for raw in raws}) == 2
