"""What each change of a ticket is called, in a sentence, with the names behind the numbers that events carry."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.response.calls.words import call_sentence
from apps.response.links.models import RELATIONS
from apps.response.queries.given_sentences import SENTENCES as GIVEN
from apps.response.queries.history_words import before as was
from apps.response.queries.history_words import clock, filled, moment, named, reason
from helpdesk.marked import Marked, inside
from helpdesk.models import Channel, Department, Event, Issue, Outcome, Product, Severity, Status, User


@dataclass(frozen=True)
class Names:
    """The words behind the numbers that events carry."""

    people: dict[int, str]
    departments: dict[int, str]
    issues: dict[int, str]
    products: dict[int, str]


_NAMED = {
    "from": ("people", "departments", "products"),
    "to": ("people", "departments", "products"),
    "department": ("departments",),
}


def names_in(data: Iterable[dict[str, Any]]) -> Names:
    numbers: dict[str, set[int]] = {"people": set(), "departments": set(), "issues": set(), "products": set()}
    for one in data:
        for key, value in one.items():
            kinds = _NAMED.get(key, ())
            if key in ("issue", "before") and isinstance(value, int):
                numbers["issues"].add(value)
            for kind in kinds:
                if isinstance(value, int):
                    numbers[kind].add(value)
                elif isinstance(value, dict) and isinstance(value.get("product"), int):
                    numbers["products"].add(value["product"])
    return Names(
        people=dict(User.objects.filter(pk__in=numbers["people"]).values_list("pk", "name")),
        departments=dict(Department.objects.filter(pk__in=numbers["departments"]).values_list("pk", "name")),
        issues=dict(Issue.objects.filter(pk__in=numbers["issues"]).values_list("pk", "label")),
        products=dict(Product.objects.filter(pk__in=numbers["products"]).values_list("pk", "name")),
    )


def sentence(event: Event, names: Names) -> str:
    told = SENTENCES.get(event.kind)
    return told(event.data, names) if told else event.kind.replace(".", " ").capitalize()


def _classified(data: dict[str, Any], names: Names) -> str:
    said = gettext("Coded as %(get)s") % {"get": names.issues.get(data.get("issue", 0), gettext("an issue"))}
    before = names.issues.get(data.get("before") or 0, "")
    how = {
        "model": gettext(" by the suggestion"),
        "client": gettext(" by a program"),
        "import": gettext(" by the import"),
    }
    many = gettext(", with others: %(reason)s") % {"reason": data["reason"]} if data.get("recoding") else ""
    return f"{said}{was(before)}{how.get(data.get('source', ''), '')}{many}"


def _assigned(data: dict[str, Any], names: Names) -> str:
    before, to = data.get("from"), data.get("to")
    from_ = was(names.people.get(before, gettext("somebody"))) if before else ""
    return (
        gettext("Given to %(get)s%(from)s")
        % {"get": names.people.get(to, gettext("somebody")), "from": from_}
        if to
        else gettext("Given back to everybody%(from)s") % {"from": from_}
    )


def _moved(data: dict[str, Any], names: Names) -> str:
    before = names.departments.get(data.get("from") or 0, "")
    to = names.departments.get(data.get("to") or 0, gettext("a department"))
    return (
        gettext("Moved from %(before)s to %(to)s") % {"before": before, "to": to}
        if before
        else gettext("Moved to %(to)s") % {"to": to}
    )


def _described(data: dict[str, Any], names: Names) -> str:
    """What is different; of old events, which knew the outcome alone, that."""
    before, to = data.get("from") or {}, data.get("to") or {}
    said = []
    if not before or _product(before, names) != _product(to, names):
        said.append(
            gettext("product %(product)s → %(product_2)s")
            % {"product": _product(before, names), "product_2": _product(to, names)}
            if before
            else _product(to, names)
        )
    had, has = before.get("tags") or [], to.get("tags") or []
    if added := [tag for tag in has if tag not in had]:
        said.append(gettext("tagged %(added)s") % {"added": ", ".join(added)})
    if gone := [tag for tag in had if tag not in has]:
        said.append(gettext("tag %(gone)s taken off") % {"gone": ", ".join(gone)})
    return gettext("Described: %(said)s") % {"said": "; ".join(said) or gettext("as before")}


def _product(facts: dict[str, Any], names: Names) -> str:
    product = names.products.get(facts.get("product") or 0, gettext("no product"))
    return f"{product} {facts.get('version') or ''}".strip()


def _status(name: Marked) -> Callable[[dict[str, Any], Names], str]:
    """An act that changed the status, with the status before it where the event knows it."""

    def told(data: dict[str, Any], names: Names) -> str:
        before = named(Status, data["from"]) if data.get("from") in Status.values else ""
        said = data.get("label") or name  # the company's own word, where there is one
        return f"{said}{was(before)}{reason(data)}"

    return told


def _held(data: dict[str, Any], names: Names) -> str:
    return _status(str(Status(data["to"]).label))(data, names)


def _referred(name: Marked) -> Callable[[dict[str, Any], Names], str]:
    def told(data: dict[str, Any], names: Names) -> str:
        whom = data.get("outside") or names.departments.get(
            data.get("department") or 0, gettext("a department")
        )
        return f"{name} {whom}{': ' + data['why'] if data.get('why') else ''}"

    return told


def _related(data: dict[str, Any]) -> str:
    known = RELATIONS.get(data.get("as", ""))
    return str(known.label) if known else gettext("Linked to")


SENTENCES: dict[str, Callable[[dict[str, Any], Names], str]] = {
    "message.judged": lambda data, names: (
        gettext("Counted as thanks: what was over stays over")
        if data.get("is_thanks")
        else gettext("More than thanks after all")
    ),
    "message.refused": lambda data, names: (
        gettext("What the customer wrote came too late: it stays over, and they were asked for a new request")
        if data.get("letter")
        else gettext("What the customer wrote came too late: it stays over, and no letter went out")
    ),
    "ticket.named": lambda data, names: gettext("Now: %(label)s") % {"label": data.get("label", "")},
    "ticket.opened": lambda data, names: (
        gettext("Opened by %(channel)s")
        % {"channel": named(Channel, data.get("channel")) or gettext("somebody")}
    ),
    "request.sent": lambda data, names: (
        gettext("Read article %(article)s before writing; it did not help")
        % {"article": data.get("article", "")}
    ),
    "ticket.kept": lambda data, names: (
        gettext("Does not close by itself") if data.get("open") else gettext("May close by itself again")
    ),
    "ticket.classified": _classified,
    "ticket.recoded": lambda data, names: (
        gettext("Recoded to %(get)s (before: %(get_2)s) by a release of the taxonomy")
        % {
            "get": names.issues.get(data.get("issue", 0), gettext("an issue")),
            "get_2": names.issues.get(data.get("before", 0), gettext("an issue")),
        }
    ),
    "ticket.uncoded": lambda data, names: (
        gettext("Not about %(get)s after all")
        % {"get": names.issues.get(data.get("issue", 0), gettext("one issue"))}
    ),
    "ticket.assigned": _assigned,
    "ticket.moved": _moved,
    "ticket.rated": lambda data, names: (
        gettext("Severity %(label)s to %(label_2)s")
        % {"label": Severity(data["from"]).label, "label_2": Severity(data["to"]).label}
    ),
    "ticket.described": _described,
    "ticket.filled": lambda data, names: (
        gettext("Filled in: %(filled)s") % {"filled": filled(data.get("fields", {}))}
    ),
    "ticket.snoozed": lambda data, names: (
        gettext("Snoozed until %(replace)s") % {"replace": moment(data.get("until"))}
    ),
    "ticket.woken": lambda data, names: (
        gettext("Back from snooze: the customer wrote")
        if data.get("why") == "customer"
        else gettext("Back from snooze")
    ),
    "task.added": lambda data, names: gettext("Task: %(text)s") % {"text": data.get("text")},
    "task.changed": lambda data, names: gettext("Task changed: %(text)s") % {"text": data.get("text")},
    "task.done": lambda data, names: gettext("Task done: %(text)s") % {"text": data.get("text")},
    "task.reopened": lambda data, names: (
        gettext("Task not done after all: %(text)s") % {"text": data.get("text")}
    ),
    "task.removed": lambda data, names: gettext("Task removed: %(text)s") % {"text": data.get("text")},
    "task.due": lambda data, names: gettext("Task due: %(text)s") % {"text": data.get("text")},
    "call.logged": lambda data, names: call_sentence(data),
    "time.booked": lambda data, names: (
        gettext("%(minutes)s min of work: %(what)s")
        % {"minutes": data.get("minutes"), "what": data.get("what") or gettext("on it")}
    ),
    "time.struck": lambda data, names: (
        gettext("Struck out %(minutes)s min: %(why)s")
        % {"minutes": data.get("minutes"), "why": data.get("why")}
    ),
    "ticket.recurred": lambda data, names: (
        gettext("Opened by the recurring ticket “%(name)s”") % {"name": data.get("name", "")}
    ),
    "ticket.told": lambda data, names: gettext("Colleagues were told"),
    "ticket.unmarked": lambda data, names: (
        gettext("There is no campaign %(campaign)s: it came of itself") % {"campaign": data.get("campaign")}
    ),
    "ticket.begun": _status(_("Work goes on")),
    "ticket.held": _held,
    "ticket.resolved": _status(_("Solved")),
    "ticket.reopened": _status(_("Reopened")),
    "ticket.closed": _status(_("Closed")),
    "ticket.merged": lambda data, names: gettext("Merged into #%(into)s") % {"into": data.get("into")},
    "ticket.unmerged": lambda data, names: (
        gettext("The merge into #%(out_of)s was undone") % {"out_of": data.get("out_of")}
    ),
    "messages.moved": lambda data, names: (
        gettext("%(messages)s messages went to #%(to)s")
        % {"messages": len(data.get("messages", ())), "to": data.get("to")}
    ),
    "messages.arrived": lambda data, names: (
        gettext("%(messages)s messages came from #%(from)s")
        % {"messages": len(data.get("messages", ())), "from": data.get("from")}
    ),
    "link.added": lambda data, names: f"{_related(data)} #{data.get('linked')}",
    "link.removed": lambda data, names: (
        gettext("No longer %(related)s #%(linked)s")
        % {"related": inside(_related(data)), "linked": data.get("linked")}
    ),
    "outcome.told": lambda data, names: (
        gettext("The customer is %(outcome)s")
        % {"outcome": named(Outcome, data.get("outcome")) or gettext("heard")}
    ),
    **GIVEN,
    "message.received": lambda data, names: gettext("The customer wrote"),
    "message.written": lambda data, names: (
        gettext("Replied, copied to %(cc)s") % {"cc": ", ".join(data["cc"])}
        if data.get("cc")
        else gettext("Replied")
    ),
    "side.written": lambda data, names: (
        gettext("Wrote in the side conversation “%(subject)s”") % {"subject": data.get("subject")}
    ),
    "side.withdrawn": lambda data, names: (
        gettext("Took a letter of the side conversation “%(subject)s” back before it left")
        % {"subject": data.get("subject")}
    ),
    "side.received": lambda data, names: (
        gettext("An answer came in the side conversation “%(subject)s”") % {"subject": data.get("subject")}
    ),
    "side.moved": lambda data, names: (
        (
            gettext("The side conversation “%(subject)s” is done")
            if data.get("state") == "done"
            else gettext("The side conversation “%(subject)s” is open again")
        )
        % {"subject": data.get("subject")}
    ),
    "reply.scheduled": lambda data, names: (
        gettext("An answer goes out at %(due)s") % {"due": moment(data.get("due_at"))}
    ),
    "reply.unscheduled": lambda data, names: gettext("Took back an answer that was to go out later"),
    "reply.held": lambda data, names: gettext("An answer that was to go out is held back"),
    "person.mentioned": lambda data, names: (
        gettext("Mentioned a colleague")
        if len(data["users"]) == 1
        else gettext("Mentioned %(users)s colleagues") % {"users": len(data["users"])}
    ),
    "ticket.followed": lambda data, names: gettext("Follows the ticket"),
    "ticket.unfollowed": lambda data, names: gettext("Follows the ticket no longer"),
    "message.withdrawn": lambda data, names: gettext("Took a reply back before it left"),
    "note.added": lambda data, names: gettext("Added a note"),
    "note.withdrawn": lambda data, names: gettext("Took a note back"),
    "delivery.sent": lambda data, names: gettext("Mail left"),
    "delivery.failed": lambda data, names: gettext("Mail could not be delivered"),
    "mail.bounced": lambda data, names: gettext("Mail came back"),
    "clock.warned": lambda data, names: (
        gettext("Clock “%(kind)s” is about to run out") % {"kind": clock(data)}
    ),
    "clock.breached": lambda data, names: gettext("Clock “%(kind)s” ran out") % {"kind": clock(data)},
    "clock.corrected": lambda data, names: (
        gettext("Clock “%(kind)s” was kept after all: they were spoken with on %(met_at)s, logged later")
        % {"kind": clock(data), "met_at": moment(data.get("met_at"))}
    ),
    "clock.recounted": lambda data, names: gettext("A clock was counted anew by its policy"),
    "referral.opened": _referred(_("Asked")),
    "referral.answered": _referred(_("An answer came from")),
    "referral.closed": _referred(_("Settled with the customer what came from")),
    "referral.chased": _referred(_("Reminded")),
    "referral.checked": _referred(_("Asked the customer whether it is done by")),
    "referral.doubted": _referred(_("The customer says it is not done by")),
    "referral.unconfirmed": _referred(_("The customer said nothing on what came from")),
    "survey.followed_up": lambda data, names: gettext("Followed up what the customer answered in the survey"),
    "mail.screened": lambda data, names: gettext("A mail was screened out"),
    "mail.quarantined": lambda data, names: gettext("A mail waits for a person's look"),
    "mail.restored": lambda data, names: gettext("A mail that was held back was restored"),
    "workaround.used": lambda data, names: (
        gettext("The workaround helped")
        if data.get("helped", True)
        else gettext("The workaround did not help")
    ),
    "wave.answered": lambda data, names: gettext("The customer answered a message about the fix"),
}
