"""What each verb of helpdesk/permissions.py lets somebody do, in words, for who chooses a colleague's role."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from helpdesk.marked import Marked
from helpdesk.models.user import Role

# Which tickets each role knows of (helpdesk/models/visible_tickets.py).
SEES: Mapping[str, Marked] = {
    Role.AGENT: _("Tickets of their department, and those handed to them"),
    Role.LEAD: _("Tickets of their department, and those handed to them"),
    Role.OWNER: _("Tickets of their department, and of issues it owns"),
    Role.ANALYST: _("All tickets"),
    Role.ADMIN: _("All tickets"),
}
WORDS: Mapping[Marked, Mapping[str, Marked]] = {
    _("Tickets"): {
        "response.view": _("Read tickets"),
        "output.search": _("Search in everything they may read"),
        "intake.open": _("Open tickets for customers"),
        "intake.phone": _("Log calls"),
        "response.reply": _("Answer customers, and write to others about a ticket"),
        "output.undo": _("Take an answer back before it leaves"),
        "response.note": _("Write internal notes, and follow tickets"),
        "response.assign": _("Take tickets, and hand them on"),
        "response.classify": _("Say which issue a ticket is about, and fill in its fields"),
        "response.hold": _("Change the state of tickets"),
        "response.solve": _("Solve tickets, and record what was given"),
        "response.reopen": _("Reopen tickets"),
        "response.merge": _("Merge and split tickets"),
        "response.link": _("Link tickets with each other"),
        "control.promise": _("Promise a customer something by a time"),
        "control.refer": _("Ask departments and people outside"),
        "control.answer_referral": _("Answer what their department was asked"),
        "control.view": _("See clocks and promises"),
        "response.read_again": _("Read codes a second time, without seeing the first"),
        "analysis.flag": _("Link tickets to root causes, and raise new ones"),
    },
    _("How tickets are worked on"): {
        "response.approve": _("Approve what colleagues may not give alone"),
        "response.share_macros": _("Share macros with others"),
        "response.rule": _("Write rules that act by themselves"),
        "control.recur": _("Set up recurring tickets"),
        "response.settle": _("Settle codes that two people read differently"),
        "response.recode": _("Recode many tickets at once"),
        "response.tags": _("Rename and merge tags"),
        "response.manage": _("Set up states, guidance, offers, checklists, reopening and closing"),
        "control.manage": _("Set up promises of time, calendars and what customers are asked"),
        "intake.fields": _("Set up the desk's own fields, and words for customers"),
        "intake.quarantine": _("Look after mail in quarantine"),
        "intake.import": _("Bring in tickets from elsewhere"),
        "output.manage": _("Look after letters that could not be delivered"),
    },
    _("Customers"): {
        "output.customers": _("See customers and organisations"),
        "output.edit_customers": _("Change what is known of customers"),
        "output.merge_customers": _("Merge customers"),
        "output.organisations": _("Set up organisations"),
        "output.answer_for_address": _("Vouch for a customer's address"),
        "output.export_customers": _("Export what is kept about a customer"),
        "output.erase_customers": _("Erase customers"),
        "output.retention": _("Say how long what is kept"),
    },
    _("Answers that are written once"): {
        "output.articles": _("Read all articles"),
        "output.write_articles": _("Write articles"),
        "output.publish_articles": _("Publish articles"),
        "output.help_report": _("See whether the help centre helps"),
    },
    _("Root causes"): {
        "analysis.view": _("See signals, cases and what contacts cost"),
        "analysis.judge": _("Promote signals, snooze them, or say why not"),
        "analysis.case": _("Open cases, and write causes, actions and plans"),
        "analysis.route": _("Hand cases to departments"),
        "analysis.own": _("Answer for cases of their department"),
        "analysis.verify": _("Accept actions as done, and give verdicts"),
        "analysis.run": _("Run the analysis by hand"),
        "analysis.assume": _("Set the numbers that costs are counted with"),
        "analysis.trackers": _("Connect trackers of developers"),
        "taxonomy.publish": _("Change the taxonomy of issues"),
        "awareness.view": _("See what customers are told of causes"),
        "awareness.publish": _("Tell customers of causes and fixes, and run campaigns"),
        "awareness.report": _("Write the executive report"),
    },
    _("How well it goes"): {
        "evaluation.view": _("See quality, standards and prevention"),
        "evaluation.review": _("Review answers, and calibrate"),
        "evaluation.answer_review": _("Answer reviews of their own work"),
        "evaluation.manage": _("Set up scorecards, standards and goals"),
        "evaluation.compare": _("Compare departments with each other"),
        "evaluation.reward": _("Set up bonuses for what was prevented"),
    },
    _("Colleagues"): {
        "staff.view": _("See colleagues, their load and skills"),
        "staff.be_away": _("Say when they are away"),
        "staff.learn": _("Take courses"),
        "staff.suggest": _("Suggest improvements"),
        "staff.answer": _("Answer suggestions"),
        "staff.plan": _("Forecast staffing, and see how time is spent"),
        "staff.manage": _("Set up skills, courses, and how tickets are dealt"),
    },
    _("The desk itself"): {
        "helpdesk.prefer": _("Choose their own language, time zone and notifications"),
        "staff.accounts": _("Set up accounts and departments"),
        "helpdesk.configure": _("Decide for every department"),
        "helpdesk.tokens": _("Give tokens to programs"),
        "output.webhooks": _("Tell other programs of what happens"),
        "helpdesk.changes": _("See who set up what anew"),
    },
}
