"""What is a mere thank-you, and what only looks like one: tables of what customers write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.response.thanks import is_mere_thanks

NAMES = ("Ana Ortiz", "Zoe Miller")
THANKS = """
Thanks!
thank you
Thank you so much for your help!
Thanks a lot, works now.
Many thanks, Ana!
Hi Ana,\\n\\nthank you very much for your quick reply.\\n\\nBest regards,\\nZoe Miller
Perfect, thank you!
Great, thanks again :)
thx
Cheers, all good now.
OK thanks
Thanks, that solved it.
Thank you! Have a great weekend.
Much appreciated!
I appreciate it. Thanks!
Thanks for everything. You are the best!
Awesome. Thank you guys!
Thank you 🙏
👍
🙏🏽❤️
Thanks, it works perfectly. Great service!
Yes, thank you!
Thank you, everything is fine now
Danke!
Vielen Dank!
Vielen Dank für die schnelle Hilfe!
Herzlichen Dank für Ihre Unterstützung.\\n\\nMit freundlichen Grüßen\\nZoe Miller
Super, danke schön!
Hallo Ana,\\nvielen lieben Dank, hat geklappt.\\nLG Zoe
Besten Dank, jetzt funktioniert alles wieder.
Danke, alles gut.
Dankeschön 😊
Danke sehr für die rasche Antwort. Toller Service!
Alles klar, danke.
Prima, danke Ihnen!
Ok danke
Vielen Dank nochmals. Beste Grüße, Zoe
Merci beaucoup !
Bonjour,\\nMerci pour votre aide.\\nCordialement, Zoe
Je vous remercie. Bonne journée
Muchas gracias por su ayuda.
Gracias, perfecto. Saludos
Grazie mille!
Grazie, tutto ok. Cordiali saluti
Bedankt voor de snelle hulp!
Dank je wel, het werkt weer. Groeten
Muito obrigada!
Obrigado, tudo certo.
Dziękuję bardzo za pomoc
Tack så mycket!
Tack för hjälpen, det fungerar nu. Mvh Zoe
Mange tak for hjælpen!
Спасибо большое!
شكراً جزيلاً
תודה רבה
谢谢！
ありがとうございます。
"""
NONE = """
Thanks, but it still does not work.
Thanks for nothing.
Thank you. When will it arrive?
Thank you, one more question
Thanks! Could you also send the invoice
thank you but no
No thanks
Thanks, I will wait
Thanks in advance!
Thank you for your reply. I am still waiting for the refund.
Thanks, is it working now
Thanks for your help so far
It works now.
Great
ok
Yes
Hello
Thanks. Order 4711 too please
Thank you, see https://example.com/photo
Thank you. zoe@example.com is my new address
Thanks for your useless help
Thanks, still broken 😡
😡
👍👎
🤔
.
!!!
Thank you, please close my account
Thank you but the lamp is broken again
Thanks, not solved
Thank you? Really?
Thanks — same problem with the second lamp
Thanks, what about the other one
I would like to thank you but
Thank you for the refund of 20
Please
Refund now
You are the best
Danke, aber es geht nicht.
Danke für nichts!
Vielen Dank im Voraus
Danke, wann kommt das Paket
Danke. Und die Rechnung
Vielen Dank, funktioniert leider nicht
Danke, geht das auch am Montag?
Danke, ich warte
Nein danke
Danke, hat nicht geklappt
Vielen Dank für die Antwort, aber das Problem ist noch da.
Danke für Ihre Mühe, leider ohne Erfolg
Alles gut
Schade
Es funktioniert
Danke, bitte noch stornieren
Na danke, toll gemacht
Merci, mais ça ne marche pas
Merci de me rappeler
Gracias, pero no funciona
Gracias de antemano
Grazie, ma non funziona
Bedankt, maar het werkt niet
Obrigado, mas não funciona
Dziękuję, ale nie działa
Tack, men det fungerar inte
Tack på förhand
Спасибо, но не работает
谢谢，但是还没有收到
"""


def lines(table):
    return [line.replace("\\n", "\n") for line in table.strip().splitlines()]


@pytest.mark.parametrize("text", lines(THANKS))
def test_a_mere_thank_you_is_one(text):
    assert is_mere_thanks(text, names=NAMES)


@pytest.mark.parametrize("text", ["", " ", "Thanks " * 60, *lines(NONE)])
def test_what_says_more_or_something_else_is_none(text):
    assert not is_mere_thanks(text, names=NAMES)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(lines(THANKS)),
    st.sampled_from(["?", "not", "but", "nicht", "aber", "7", "refund", "😡", "x@y.z"]),
)
def test_one_word_of_anything_else_makes_it_none(text, more):
    assert not is_mere_thanks(f"{text}\n{more}", names=NAMES)
    assert not is_mere_thanks(f"{more} {text}", names=NAMES)


def test_a_strangers_name_is_an_unknown_word():
    assert not is_mere_thanks("Thanks, Bob")
    assert is_mere_thanks("Thanks, Bob", names=["Bob"])
