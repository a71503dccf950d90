"""What a reminder and a warning say where nobody has written other words."""

from apps.response.wording.words import Wording

# Of a rule that counts working days; its own words say themselves which days they mean.
WARNING_WORKING = "warning_working"

WORDING = Wording(
    letters=("reminder", "warning"),
    fields=("name", "number", "subject", "days"),
    ours={
        "en": {
            "reminder": (
                "Hello {name},\n\nwe wrote to you about “{subject}” (#{number}) and wait for your answer. "
                "To answer, reply to this mail."
            ),
            "warning": (
                "Hello {name},\n\nwe have not heard from you about “{subject}” (#{number}). If we hear nothing, "
                "we take it as settled in {days} days. To keep it open, reply to this mail."
            ),
            WARNING_WORKING: (
                "Hello {name},\n\nwe have not heard from you about “{subject}” (#{number}). If we hear nothing, "
                "we take it as settled in {days} working days. To keep it open, reply to this mail."
            ),
        },
        "de": {
            "reminder": (
                "Guten Tag {name},\n\nwir haben Ihnen zu „{subject}“ (#{number}) geschrieben und warten auf Ihre "
                "Antwort. Antworten Sie einfach auf diese E-Mail."
            ),
            "warning": (
                "Guten Tag {name},\n\nzu „{subject}“ (#{number}) haben wir nichts von Ihnen gehört. Wenn es dabei "
                "bleibt, betrachten wir die Sache in {days} Tagen als erledigt. Soll sie offen bleiben, antworten Sie "
                "bitte auf diese E-Mail."
            ),
            WARNING_WORKING: (
                "Guten Tag {name},\n\nzu „{subject}“ (#{number}) haben wir nichts von Ihnen gehört. Wenn es dabei "
                "bleibt, betrachten wir die Sache in {days} Arbeitstagen als erledigt. Soll sie offen bleiben, "
                "antworten Sie bitte auf diese E-Mail."
            ),
        },
    },
)
