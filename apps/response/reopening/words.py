"""What who answers too late is told where nobody has written other words: in a letter, and on the request's page."""

from apps.response.wording.words import Wording

REFUSAL = "refusal"

WORDING = Wording(
    letters=(REFUSAL,),
    fields=("name", "number", "subject", "help"),
    needed=("help",),
    ours={
        "en": {
            REFUSAL: (
                "Hello {name},\n\nyour request “{subject}” (#{number}) has been over for some time, and messages to "
                "it are not answered any more. To ask us something, also about the same matter, please send a new "
                "request: {help}"
            )
        },
        "de": {
            REFUSAL: (
                "Guten Tag {name},\n\nIhre Anfrage „{subject}“ (#{number}) ist seit einiger Zeit abgeschlossen, und "
                "Nachrichten dazu werden nicht mehr beantwortet. Wenn Sie uns etwas fragen möchten, auch zur selben "
                "Sache, stellen Sie bitte eine neue Anfrage: {help}"
            )
        },
    },
)
