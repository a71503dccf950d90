"""Is it a mere thank-you? Then a solved ticket stays solved.

Method: what is written is cut into phrases at punctuation and line ends; each phrase has to be one of a closed list
(a thank-you, a friendly aside such as "it works now", a greeting, a name), and one of them a thank-you. Nothing is
guessed: an unknown word, a digit, a question mark, an address, more than 200 characters, and it is none. So what is
missed opens a ticket again, as everything did before, and what is found is one. Emoji alone are a thank-you if all
of them are of the thankful kind.

Languages: English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Swedish; the bare thank-you of Danish,
Norwegian, Finnish, Czech, Hungarian, Romanian, Turkish, Russian, Ukrainian, Greek, Arabic, Hebrew, Chinese, Japanese
and Korean. Pure; no model, no chance.
Limits: sarcasm in the very words of a thank-you ("great, thanks") is taken at its word.
"""

# ruff: noqa: E501, ISC004  a table of phrases is read by the line

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 200
MOST_EMOJI = 8

_THANKFUL = set("🙏👍❤😊🙂😀😃😄🤗🎉💯👌👏🥰😍☺💐🌹✅⭐🌟💪🤝💙💚💛🧡💜")
# What changes an emoji (skin, gender, presentation) and is none by itself.
_MODIFIERS = re.compile("[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f\u200d\u2640\u2642]")
_CUT = re.compile(r"[.,!;:…\n\r()\-–—~*]+")
_NEVER = re.compile(r"[?？¿;\d@#%€$£/\\<>{}\[\]]|https?|www")

_HELP = "help|support|reply|answer|response|assistance|effort|efforts|work|time|patience|service|feedback|update|info"
_NICE = "quick|fast|great|kind|prompt|speedy|friendly|good|wonderful|excellent|amazing|super"
_HILFE = "hilfe|unterstützung|antwort|rückmeldung|mühe|bearbeitung|info|information|hinweis|service|erledigung|geduld|nachricht"
_NETT = "schnelle|schnellen|rasche|prompte|nette|freundliche|tolle|gute|super|kompetente|zügige"

THANKS = (
    # English
    rf"(ok |okay |great |perfect |awesome |and |again )?(many |so many |a thousand |a million )?(thanks|thank you|thankyou|thx|cheers|ty)"
    rf"( so much| very much| a lot| a bunch| a million| again| guys| all| everyone| team| both| kindly)*"
    rf"( for (your|the|all your|all the|such a) ({_NICE}|very| |and)*({_HELP})| for helping( me| us)?( out)?| for everything)?( again)?",
    r"(much|greatly|really|very much) appreciated",
    r"(i |we )?(really |very much |greatly )?appreciate (it|your help|the help|your support)",
    # German
    rf"(ok |okay |super |prima |perfekt |alles klar |und |nochmals |nochmal |ja )?(vielen |herzlichen |besten |tausend |lieben |recht herzlichen |vielen lieben |vielen herzlichen )?"
    rf"(dank|danke|dankeschön|danke schön|danke sehr|dankesehr|merci|vielen dank)( ihnen| euch| dir| schön| sehr| nochmal| nochmals| vielmals| an alle| auch)*"
    rf"( für (die|ihre|eure|deine|den|das|alles|ihren|eure) ?({_NETT}| |und|sehr|so)*({_HILFE})?)?( nochmals| nochmal)?",
    r"(ich |wir )?(bedanke mich|bedanken uns)( herzlich| sehr| bei ihnen| für ihre hilfe| für die hilfe)*",
    # French
    r"(un grand |mille |ok |parfait |super )?merci( beaucoup| bien| infiniment| à vous| à tous| encore| à toute l équipe)*"
    r"( pour (votre|ton|la|l|tout|toute) ?(aide|réponse|réactivité|soutien|rapidité|votre aide|gentillesse)?( rapide)?)?",
    r"je vous remercie( beaucoup| infiniment| bien)?( pour votre (aide|réponse))?",
    # Spanish
    r"(muchas |muchísimas |mil |ok |perfecto |vale )?gracias( por (su|tu|la|todo|vuestra)( ayuda| respuesta| rápida respuesta| atención| apoyo)?| a todos| de nuevo| otra vez)*",
    # Italian
    r"(mille |molte |tante |ok |perfetto )?grazie( mille| tante| infinite| ancora| a voi| a tutti| per (l|il|la|tutto|il vostro)( aiuto| supporto| risposta| vostro aiuto)?)*",
    r"(la |vi |ti )ringrazio( molto| tanto)?",
    # Dutch
    r"(heel |ok |super |prima )?(hartelijk |erg |heel erg |harstikke )?(dank|dank je|dank u|dank jullie|bedankt|dankjewel|dank je wel|dank u wel)( wel| zeer)?"
    r"( voor (de|uw|je|jullie|alles)( snelle)?( hulp| reactie| antwoord| service)?)?",
    # Portuguese
    r"(muito |ok |perfeito )?(obrigado|obrigada|obrigadíssimo)( mesmo| a todos| novamente| pela ajuda| pela resposta| por tudo| pela atenção)*",
    # Polish
    r"(ok |super )?(bardzo |serdecznie |pięknie )?(dziękuję|dziękujemy|dzięki|dziekuje|dzieki)( bardzo| serdecznie| wielkie| za pomoc| za odpowiedź| za szybką odpowiedź)*",
    # Swedish
    r"(ok |stort |många |super )?(tack|tackar)( så mycket| så jättemycket| för hjälpen| för svaret| för snabbt svar| igen)*",
    # The others, bare
    r"(mange |tusind |tusen )?(tak|takk)( for hjælpen| for hjelpen| skal du ha)?|kiitos( paljon| avusta)?|děkuji|děkujeme|díky"
    r"|köszönöm( szépen)?|köszönjük|mulțumesc( mult| frumos)?|multumesc( mult)?|(çok )?teşekkürler|(çok )?teşekkür ederim",
    r"(большое )?спасибо( большое| огромное| за помощь| вам)*|благодарю( вас)?|(щиро )?дякую( за допомогу)?|ευχαριστώ( πολύ)?",
    r"شكرا( جزيلا| لكم| لك)*|תודה( רבה)?|谢谢(你|您|你们)?|多谢|非常感谢|謝謝(你|您)?|ありがとうございます|ありがとうございました|ありがとう"
    r"|감사합니다|고맙습니다",
)
ASIDES = (
    # English
    r"(hi|hello|dear|hey|good morning|good afternoon|good evening)( there| team| all| everyone| support team| sir or madam| customer service)*",
    r"(kind|best|warm|many)? ?(regards|wishes)|yours( sincerely| faithfully)?|sincerely|best|have a (nice|great|good|lovely) (day|weekend|evening|week|one)|you too|take care|bye",
    r"(that|it|this|everything|all)( now| s| has| is)? ?(works|worked|solved|fixed|sorted|resolved|arrived|fine|good|perfect|great|clear|working)( it| now| again| perfectly| fine| well| great| for me| like a charm)*",
    r"(all|everything)( is| s)? (good|fine|well|clear|sorted|working)( now| again)?|works( now| again| perfectly| great| fine| like a charm)*",
    r"problem solved|you (guys )?(are|re) (the best|great|awesome|amazing|a star|stars)|(very|so|much) (kind|helpful|nice) of you|you (have been|were) (very|so|extremely) (helpful|kind)",
    r"(that|this) (is|was)( very| really| so)? (kind|helpful|great|perfect|quick|wonderful)|(great|good|excellent|super|perfect|fantastic|top|amazing|awesome|wonderful) (service|job|work|support|help|news|stuff)",
    r"great|perfect|awesome|excellent|wonderful|super|brilliant|lovely|amazing|fantastic|ok|okay|cool|nice|top|yes|well done|happy customer",
    r"(i am|i m|we are|we re) (very |so |really )?(happy|pleased|satisfied|delighted)( now| again| with (it|that|this|the result|your service))?",
    r"i (have )?(received|got) it( today| now)?|sent from my (iphone|ipad|phone|mobile)|got it",
    # German
    r"(hallo|hi|guten tag|guten morgen|guten abend|liebes|lieber|liebe|sehr geehrte|moin|servus|grüezi)( zusammen| team| support team| damen und herren| alle| herr| frau| kundenservice)*",
    r"(mit )?(freundlichen|besten|herzlichen|lieben|vielen|schönen|sonnigen) (grüßen|grüssen)|(freundliche|beste|herzliche|liebe|viele|schöne|sonnige) (grüße|grüsse)( aus [a-zäöüß]+)?|gruß|gruss|mfg|lg|vg|bg|grüße",
    r"(und )?(schönen|schönes|ein schönes|einen schönen|guten) (tag|abend|feierabend|wochenende|sonntag|woche)( noch| ihnen| euch)*|bis bald|tschüss|alles gute",
    r"(es|das|jetzt|nun|alles|hat|jetzt hat)( hat| ist| jetzt| nun| alles| wieder| bestens| super| prima)* ?(funktioniert|geklappt|geht|läuft|klappt|erledigt|gelöst|angekommen|passt|perfekt|gut|bestens|super|in ordnung)( jetzt| nun| wieder| alles| bestens| super| prima| einwandfrei| perfekt| gut| bei mir)*",
    r"funktioniert( jetzt| wieder| bestens| einwandfrei| nun)*|problem (ist )?gelöst|passt( so| alles)?|alles (klar|gut|bestens|super|prima|in ordnung|erledigt)|hat (alles |super |prima )?(geklappt|funktioniert)",
    r"super|perfekt|prima|toll|klasse|spitze|wunderbar|sehr gut|sehr nett( von ihnen)?|genial|ok|okay|top|ja|freut mich|(das ist|das war) (sehr |super |echt |wirklich )?(nett|lieb|freundlich|hilfreich|toll|super)( von (ihnen|euch|dir))?|(toller|super|guter|klasse|top|schneller) (service|support)",
    r"(ich bin|wir sind) (sehr |wirklich |total )?(zufrieden|glücklich)|von meinem (iphone|ipad|handy) gesendet|gesendet von mail für windows",
    # The others
    r"bonjour|bonsoir|salut|cordialement|bien cordialement|bonne (journée|soirée|fin de journée)|parfait|super|c est parfait|tout (est )?(réglé|fonctionne|va bien)|ça (marche|fonctionne)( maintenant| bien)*|très bien",
    r"hola|buenos días|buenas tardes|un saludo|saludos( cordiales)?|perfecto|genial|excelente|todo (bien|perfecto|solucionado)|ya funciona( bien| perfectamente)?|funciona( bien| perfectamente| ahora)*",
    r"ciao|buongiorno|buonasera|salve|cordiali saluti|saluti|un saluto|perfetto|ottimo|benissimo|tutto (bene|ok|a posto|risolto)|funziona( tutto| ora| adesso| bene)*|buona (giornata|serata)",
    r"hoi|beste|goedemorgen|goedemiddag|(met )?vriendelijke groet(en)?|groeten|groetjes|mvg|top|prima|perfect|geweldig|het werkt( nu| weer| prima)*|fijne (dag|avond|weekend)( nog)?|opgelost|alles werkt( weer| nu)*",
    r"olá|bom dia|boa tarde|cumprimentos|atenciosamente|abraço|abraços|perfeito|ótimo|excelente|tudo (certo|bem|resolvido|ok)|já (funciona|está a funcionar)|funcionou( perfeitamente)?",
    r"dzień dobry|witam|pozdrawiam( serdecznie)?|miłego dnia|super|świetnie|wszystko (działa|ok|w porządku|gra)|działa( już| teraz)*",
    r"hej|hejsan|hälsningar|mvh|vänliga hälsningar|med vänlig hälsning|perfekt|toppen|jättebra|super|det (fungerar|funkar)( nu| bra| igen)*|allt (fungerar|är bra|löst)( nu)?|ha en (bra|fin) dag",
)
_thanks = re.compile("|".join(f"(?:{one})" for one in THANKS))
_aside = re.compile("|".join(f"(?:{one})" for one in ASIDES))


def is_mere_thanks(text: str, *, names: Iterable[str] = ()) -> bool:
    """Whether the words of a customer, without quotations, say thank you and nothing else; `names` are those of the
    people in the conversation."""
    text = unicodedata.normalize("NFKC", text).strip()
    if not text or len(text) > LONGEST:
        return False
    text, emoji = _parted(_MODIFIERS.sub("", text))
    if not all(one in _THANKFUL for one in emoji) or len(emoji) > MOST_EMOJI or _NEVER.search(text):
        return False
    known = {word for name in names for word in _words(name)}
    phrases = [_without(known, phrase) for phrase in _CUT.split(text)]
    said = [phrase for phrase in phrases if phrase]
    if not said:
        return bool(emoji) and not _words(text)
    return all(map(_is_friendly, said)) and any(_thanks.fullmatch(one) for one in said)


def _is_friendly(phrase: str) -> bool:
    return bool(_thanks.fullmatch(phrase) or _aside.fullmatch(phrase))


def _parted(text: str) -> tuple[str, list[str]]:
    """The words, and the pictures among them."""
    emoji = [one for one in text if unicodedata.category(one) == "So"]
    return "".join(" . " if unicodedata.category(one) == "So" else one for one in text), emoji


def _without(names: set[str], phrase: str) -> str:
    return " ".join(word for word in _words(phrase) if word not in names)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
