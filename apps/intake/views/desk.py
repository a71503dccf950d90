from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.intake import queries, services
from apps.intake.models import InboundMail
from helpdesk.errors import DomainError, NotFound
from helpdesk.http import PageRequest
from helpdesk.permissions import require


@login_required
@require_GET
def quarantine(request: PageRequest) -> HttpResponse:
    """Mail that became no ticket, with the reason: nothing is dropped silently."""
    require(request.user, "intake.quarantine")
    state = request.GET.get("state", "")
    mails = queries.mail_held_back(state if state in ("screened", "quarantined") else "")
    return render(request, "intake/quarantine.html", {"mails": mails, "state": state})


@login_required
@require_POST
def restore_mail(request: PageRequest, pk: int) -> HttpResponse:
    mail = _mail(request, pk)
    try:
        mail = services.restore_mail(mail=mail, by=request.user, at=timezone.now())
    except DomainError as error:
        messages.error(request, error.detail)
        return redirect("quarantine")
    messages.success(request, _("Restored: it is on ticket #%(number)s.") % {"number": mail.ticket_id})
    return redirect("quarantine")


@login_required
@require_GET
def original_mail(request: PageRequest, pk: int) -> HttpResponse:
    """The raw bytes, as a download."""
    mail = _mail(request, pk)
    headers = {"Content-Disposition": f'attachment; filename="mail-{mail.pk}.eml"'}
    return HttpResponse(bytes(mail.raw), content_type="application/octet-stream", headers=headers)


def _mail(request: PageRequest, pk: int) -> InboundMail:
    require(request.user, "intake.quarantine")
    mail = InboundMail.objects.held_back().filter(pk=pk).first()
    if mail is None:
        raise NotFound
    return mail
