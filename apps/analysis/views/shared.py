"""What the pages of this point share: doing what a form asks, and all that the page of a case shows."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import CharField
from django.http import Http404, HttpRequest, QueryDict

from apps.analysis.acts import ACTS, Act, acts_for, next_act
from apps.analysis.forms import STAFF, CaseForm, people
from apps.analysis.models import ActionState, Case, CauseCategory, CausePath, Tracker
from apps.analysis.queries.case_page import case_page
from apps.analysis.queries.evidence import WAYS, evidence_page
from helpdesk.models import User
from helpdesk.permissions import may


def act_named(name: str, allowed: frozenset[str] = frozenset(ACTS)) -> Act:
    if name not in allowed:
        raise Http404
    return ACTS[name]


def case_context(
    row: Case, *, user: User, failed: tuple[Act, CaseForm] | None, by_link: bool = False, at: datetime
) -> dict[str, Any]:
    """The page, and the forms this person can fill in now; the one that failed keeps what was typed."""
    page, offered = case_page(row, at=at), acts_for(row, user, by_link=by_link)
    forms = {act.name: _empty(act, row, user, by_link) for act in offered}
    if failed:
        forms[failed[0].name] = _kept(failed[1], failed[0], row)
    bar = [(act, forms[act.name]) for act in offered if not act.inline]
    if failed and failed[0].inline:
        # Its place in the page is small: it comes back open, above, with all that was typed.
        bar.append((failed[0], failed[1]))
    works = may(user, "analysis.case") or (row.is_owned_by(user) and may(user, "analysis.own"))
    unassigned = any(action.state == ActionState.PROPOSED for action in page.actions)
    return {
        "page": page,
        "case": row,
        "by_link": by_link,
        "people": list(people(*STAFF)) if unassigned else [],
        "trackers": list(Tracker.objects.filter(is_on=True))
        if page.actions and "create-in-tracker" in forms
        else [],
        "movable": [action.pk for action in page.actions if works or action.assignee_id == user.pk],
        "paths": CausePath.choices,
        "categories": CauseCategory.choices,
        "next_act": next_act(row, at=at),
        "acts": bar,
        "inline": {act.name.replace("-", "_"): act for act in offered if act.inline},
        "inline_forms": {name.replace("-", "_"): form for name, form in forms.items()},
        "failed": failed[0].name if failed else "",
        "form": failed[1] if failed else None,
    }


def evidence_context(
    row: Case,
    *,
    user: User,
    asked: QueryDict,
    failed: tuple[Act, CaseForm] | None = None,
    by_link: bool = False,
) -> dict[str, Any]:
    """The tickets of a case, and what this person can say of each; the form that failed keeps what was typed."""
    way = asked.get("way", "")
    offered = {act.name.replace("-", "_"): act for act in acts_for(row, user, by_link=by_link)}
    hand = offered.get("link_by_hand")
    by_hand = hand.form(case=row, user=user, by_link=by_link) if hand else None
    return {
        "case": row,
        "by_link": by_link,
        "found": evidence_page(row, way=way if way in WAYS else "", number=asked.get("page")),
        "back": f"?way={way if way in WAYS else ''}" + ("&from=evidence" if by_link else ""),
        "inline": offered,
        "hand": failed[1] if failed and failed[0].name == "link-by-hand" else by_hand,
        "form": failed[1] if failed else None,
    }


def _empty(act: Act, row: Case, user: User, by_link: bool) -> CaseForm:
    """Forms on one page name fields alike: each has its own ids."""
    named, known = f"id_{act.name}_%s", _initial(act, row)
    return _kept(act.form(case=row, user=user, by_link=by_link, initial=known, auto_id=named), act, row)


def _kept(form: CaseForm, act: Act, row: Case) -> CaseForm:
    """What is typed into it is kept in the browser until it is sent (`static/js/drafts.js`)."""
    name = drafts_of(form, act, row)
    for field in form.fields:
        if isinstance(form.fields[field], CharField) and not form[field].is_hidden:
            # At 0, as of long ago: what somebody typed here comes back before what stands written.
            form.fields[field].widget.attrs |= {"data-draft": f"{name}{field}", "data-draft-at": "0"}
    return form


def drafts_of(form: CaseForm, act: Act, row: Case) -> str:
    """How the drafts of a form begin: the case, the act, and the row it stands beside."""
    hidden = form.hidden_fields()
    beside = hidden[0].value() or "" if hidden else ""
    return f"case:{row.pk}:{act.name}:{beside}:"


def tell(request: HttpRequest, form: CaseForm, act: Act, row: Case) -> None:
    """That it is done, and that what was typed for it need not be kept any more."""
    messages.success(request, act.done, extra_tags=drafts_of(form, act, row))


def _initial(act: Act, row: Case) -> dict[str, Any]:
    return {name: getattr(row, name) for name in act.form.written}
