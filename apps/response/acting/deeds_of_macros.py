"""A macro among the acts: used, and taken back with its answer."""

from apps.response.acting.act import Facts, read_done
from apps.response.acting.deeds import Doing, PuttingBack
from apps.response.models import MacroUse
from helpdesk.asked import take_back


def use_macro(doing: Doing) -> Facts:
    """Its words are sent, and its acts done, as if somebody chose it on the ticket."""
    from apps.response.macros.services import apply_macro  # it is made of acts itself

    use = apply_macro(ticket=doing.ticket, macro=doing.value, by=doing.by, at=doing.at)
    return {"use": use.pk}


def take_macro_back(back: PuttingBack) -> None:
    """The answer, while it has not left, and what the macro did besides."""
    from apps.response.acting.services import undo  # which undoes this

    used = MacroUse.objects.select_related("message__ticket").filter(pk=back.done.after["use"]).first()
    if used is None:  # the answer was taken back by hand
        return
    if used.message is not None:
        take_back(message=used.message, by=back.by, at=back.at)
        return
    undo(done=read_done(used.done), by=back.by, at=back.at)
    used.delete()


def always(back: PuttingBack) -> bool:
    """Whether it can be taken back is known to who does it."""
    return True
