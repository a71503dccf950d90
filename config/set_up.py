"""Tables that say how the desk is set up, with what a row of each is called: the page of changes looks through their
histories. `helpdesk/changes.py` reads it."""

from django.utils.translation import gettext_lazy as _

from helpdesk.marked import Marked

SET_UP: dict[str, tuple[str, Marked]] = {
    "rules": ("response.Rule", _("Rule")),
    "macros": ("response.Macro", _("Macro")),
    "states": ("helpdesk.TicketStatus", _("State")),
    "reopening": ("response.ReopenPolicy", _("Reopening")),
    "closing": ("response.ClosingRule", _("Closing by itself")),
    "checklists": ("response.Checklist", _("Checklist")),
    "policies": ("control.ServicePolicy", _("Promise of time")),
    "rungs": ("control.Rung", _("Step of a ladder")),
    "calendars": ("control.Calendar", _("Calendar")),
    "surveys": ("control.AskRule", _("Survey")),
    "survey-limits": ("control.AskLimits", _("How often is asked")),
    "guidance": ("response.Guidance", _("Guidance")),
    "offers": ("response.Offer", _("What may be given")),
    "ceiling": ("response.RemedyCeiling", _("Ceiling of what is given")),
    "fields": ("helpdesk.CustomField", _("Field")),
    "dealing": ("staff.Dealing", _("Who gets tickets")),
    "capacity": ("staff.Availability", _("Capacity")),
    "skills": ("staff.Skill", _("Skill")),
    "ownership": ("analysis.OwnershipRule", _("Whose a case is")),
    "assumptions": ("analysis.Assumption", _("Assumption")),
}
