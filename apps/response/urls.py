from django.urls import URLPattern, URLResolver, path

from apps.response import api, api_drafts, api_guidance, api_play, api_splitting, api_ticket_views
from apps.response.bulk import api as bulk_api
from apps.response.bulk import views as bulk
from apps.response.calls import api as calls_api
from apps.response.calls import views as calls
from apps.response.checklists import api as checklists_api
from apps.response.checklists import views as checklists
from apps.response.closing import api as closing_api
from apps.response.closing import views as closing
from apps.response.following import api as following_api
from apps.response.following import views as following
from apps.response.links import api as links_api
from apps.response.links import views as links
from apps.response.macros import api as macros_api
from apps.response.macros import views as macros
from apps.response.presence import api as presence_api
from apps.response.presence import views as presence
from apps.response.recoding import api as recoding_api
from apps.response.recoding import views as recoding
from apps.response.reopening import api as reopening_api
from apps.response.reopening import views as reopening
from apps.response.rules import api as rules_api
from apps.response.rules import views as rules
from apps.response.sending_later import api as later_api
from apps.response.sending_later import views as later
from apps.response.sides import api as sides_api
from apps.response.sides import views as sides
from apps.response.snoozing import api as snoozing_api
from apps.response.snoozing import views as snoozing
from apps.response.statuses import api as status_api
from apps.response.statuses import views as status_views
from apps.response.tags import api as tags_api
from apps.response.tags import views as tag_pages
from apps.response.timekeeping import api as timekeeping_api
from apps.response.timekeeping import views as timekeeping
from apps.response.views import (
    acts,
    approvals,
    drafts,
    guidance,
    knowledge,
    merging,
    own_fields,
    queue,
    readings,
    splitting,
    tags,
    ticket,
    ticket_views,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # /intake/phone/: it opens a ticket, and does what follows from a call
    path("intake/phone/", calls.phone_note, name="phone_note"),
    # /queue/
    path("queue/", queue.queue, name="queue"),
    path("queue/play/", queue.play, name="play"),
    path("queue/play/<int:number>/skip/", queue.skip, name="skip"),
    path("queue/play/<int:number>/keep/", queue.keep, name="keep"),
    path("queue/play/<int:number>/leave/", queue.let_go, name="let_go"),
    path("queue/bulk/", bulk.bulk, name="bulk"),
    path("queue/bulk/all/", bulk.bulk_jobs, name="bulk_jobs"),
    path("queue/bulk/<int:pk>/", bulk.bulk_job, name="bulk_job"),
    path("queue/bulk/<int:pk>/results.csv", bulk.bulk_results, name="bulk_results"),
    path("queue/bulk/<int:pk>/stop/", bulk.stop_bulk, name="stop_bulk"),
    path("queue/bulk/<int:pk>/undo/", bulk.undo_bulk, name="undo_bulk"),
    path("queue/beside/<int:number>/", queue.queue_list, name="queue_list"),
    path("queue/views/", ticket_views.ticket_views, name="ticket_views"),
    path("queue/views/<int:pk>/", ticket_views.ticket_views, name="edit_ticket_view"),
    path("queue/views/<int:pk>/forget/", ticket_views.forget_ticket_view, name="forget_ticket_view"),
    path("queue/complete/", queue.complete_query, name="complete_query"),
    path("queue/tags/", tags.complete_tags, name="complete_tags"),
    path("queue/counts/", ticket_views.view_counts, name="view_counts"),
    # /t/<number>/
    path("t/<int:number>/", ticket.ticket, name="ticket"),
    path("t/<int:number>/peek/", ticket.peek, name="peek"),
    path("t/<int:number>/history/", ticket.history, name="ticket_history"),
    path("t/<int:number>/later/<int:pk>/", later.change_later, name="change_later"),
    path("t/<int:number>/later/<int:pk>/settle/", later.settle_later, name="settle_later"),
    path("t/<int:number>/sides/", sides.sides_panel, name="sides_panel"),
    path("t/<int:number>/sides/new/", sides.new_side, name="new_side"),
    path("t/<int:number>/sides/<int:pk>/", sides.side, name="side"),
    path("t/<int:number>/sides/<int:pk>/settle/", sides.settle_side, name="settle_side"),
    path("t/<int:number>/sides/file/<int:pk>/<int:place>/", sides.side_file, name="side_file"),
    path("t/<int:number>/people/", following.people_panel, name="people_panel"),
    path("t/<int:number>/colleagues/", following.complete_colleagues, name="complete_colleagues"),
    path("t/<int:number>/macros/", macros.ticket_macros, name="ticket_macros"),
    path("t/<int:number>/macros/<int:pk>/", macros.macro, name="macro"),
    path("t/<int:number>/macros/<int:pk>/apply/", macros.apply_macro, name="apply_macro"),
    path("t/<int:number>/issues/", ticket.issues, name="ticket_issues"),
    path("t/<int:number>/change/<slug:what>/", ticket.change, name="change"),
    path("t/<int:number>/fields/", own_fields.own_fields, name="own_fields"),
    path("t/<int:number>/fields/panel/", own_fields.own_fields_panel, name="own_fields_panel"),
    path("t/<int:number>/presence/", presence.presence, name="presence"),
    path("queue/presence/", presence.presence_in_list, name="presence_in_list"),
    path("t/<int:number>/snooze/", snoozing.snooze, name="snooze"),
    path("t/<int:number>/wake/", snoozing.wake, name="wake"),
    path("t/<int:number>/tasks/", checklists.tasks_panel, name="tasks_panel"),
    path("t/<int:number>/tasks/lay-out/", checklists.apply_checklist, name="apply_checklist"),
    path("t/<int:number>/tasks/<int:pk>/", checklists.change_task, name="change_task"),
    path("t/<int:number>/calls/new/", calls.log_call, name="log_call"),
    path("t/<int:number>/time/", timekeeping.time_panel, name="time_panel"),
    path("t/<int:number>/time/timer/", timekeeping.timer, name="timer"),
    path("t/<int:number>/time/<int:pk>/strike/", timekeeping.strike_time, name="strike_time"),
    path("t/<int:number>/reply/", acts.reply, name="reply"),
    path("t/<int:number>/note/", acts.note, name="note"),
    path("t/<int:number>/drafts/file/", drafts.draft_file, name="draft_file"),
    path("t/<int:number>/drafts/<slug:kind>/", drafts.drafts, name="drafts"),
    path("t/<int:number>/drafts/<slug:kind>/files/", drafts.draft_files, name="draft_files"),
    path("t/<int:number>/drafts/<int:pk>/discard/", drafts.discard_draft, name="discard_draft"),
    path("t/<int:number>/assign/", acts.assign, name="assign"),
    path("t/<int:number>/classify/", acts.classify, name="classify"),
    path("t/<int:number>/rate/", acts.rate, name="rate"),
    path("t/<int:number>/describe/", acts.describe, name="describe"),
    path("t/<int:number>/tags/", acts.change_tags, name="change_tags"),
    path("t/<int:number>/hold/", acts.hold, name="hold"),
    path("t/<int:number>/solve/", acts.solve, name="solve"),
    path("t/<int:number>/status/", status_views.set_status, name="status"),
    path("t/<int:number>/keep-open/", closing.keep_open, name="keep_open"),
    path("t/<int:number>/reopen/", acts.reopen, name="reopen"),
    path("t/<int:number>/messages/<int:pk>/deny-thanks/", reopening.deny_thanks, name="deny_thanks"),
    path("t/<int:number>/move/", acts.move, name="move"),
    path("t/<int:number>/merge/", acts.merge, name="merge"),
    path("t/<int:number>/merge/several/", merging.merge_several, name="merge_several"),
    path("t/<int:number>/merge/undo/", merging.undo_merge, name="undo_merge"),
    path("t/<int:number>/split/", splitting.split_ticket, name="split_ticket"),
    path("splits/<int:pk>/undo/", splitting.undo_split, name="undo_split"),
    path("t/<int:number>/remedy/", acts.remedy, name="remedy"),
    path("t/<int:number>/guidance/", guidance.guidance_panel, name="guidance_panel"),
    path("t/<int:number>/guidance/give/", guidance.give, name="give_remedy"),
    path("t/<int:number>/guidance/answer/", guidance.note_fact, name="note_fact"),
    path("t/<int:number>/remedies/<int:pk>/strike/", guidance.strike_remedy, name="strike_remedy"),
    path("t/<int:number>/approvals/<int:pk>/", guidance.go_on_with_approval, name="go_on_with_approval"),
    path("t/<int:number>/links/", links.links_panel, name="links_panel"),
    path("t/<int:number>/links/found/", links.tickets_to_link, name="tickets_to_link"),
    path("t/<int:number>/links/<int:pk>/remove/", links.remove_link, name="remove_link"),
    path("t/<int:number>/children/open/", links.open_child, name="open_child"),
    path("t/<int:number>/children/answer/", links.answer_children, name="answer_children"),
    # /customers/<pk>/
    path("customers/<int:pk>/calls/", calls.customer_calls, name="customer_calls"),
    # /approvals/
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/", approvals.approval, name="approval"),
    path("approve/<str:key>/", approvals.approval_by_link, name="approval_by_link"),
    # /second-readings/
    path("second-readings/", readings.readings, name="readings"),
    path("second-readings/draw/", readings.draw_readings, name="draw_readings"),
    path("second-readings/disputes/", readings.disputes, name="disputes"),
    path("second-readings/<int:pk>/read/", readings.read_again, name="read_again"),
    path("second-readings/<int:pk>/settle/", readings.settle_reading, name="settle_reading"),
    # /recoding/
    path("recoding/", recoding.recodings, name="recodings"),
    path("recoding/<int:pk>/", recoding.recoding, name="recoding"),
    path("recoding/<int:pk>/stop/", recoding.stop_hand_recoding, name="stop_hand_recoding"),
    path("recoding/<int:pk>/undo/", recoding.undo_hand_recoding, name="undo_hand_recoding"),
    # /attachments/<pk>/
    path("attachments/<int:pk>/", ticket.attachment, name="attachment"),
    # /tasks/
    path("tasks/", checklists.my_task_list, name="my_tasks"),
    # /time/
    path("time/", timekeeping.time_spent, name="time_spent"),
    # /checklists/
    path("checklists/", checklists.checklists, name="checklists"),
    path("checklists/<int:pk>/", checklists.checklists, name="edit_checklist"),
    # /admin/
    path("admin/states/", status_views.statuses, name="statuses"),
    path("admin/states/<int:pk>/", status_views.statuses, name="edit_status"),
    path("admin/states/<int:pk>/retire/", status_views.retire_status, name="retire_status"),
    path("admin/closing/", closing.closing_rules, name="closing_rules"),
    path("admin/closing/<int:pk>/", closing.closing_rules, name="closing_rule"),
    path("admin/closing/<int:pk>/switch/", closing.switch_closing_rule, name="switch_closing_rule"),
    path("admin/closing/<int:pk>/forget/", closing.forget_closing_rule, name="forget_closing_rule"),
    path("admin/reopening/", reopening.reopen_policies, name="reopen_policies"),
    path("admin/reopening/<slug:slug>/forget/", reopening.forget_reopen_policy, name="forget_reopen_policy"),
    # /rules/
    path("rules/", rules.rules, name="rules"),
    path("rules/new/", rules.rule, name="new_rule"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/change/", rules.change_rule, name="change_rule"),
    path("rules/<int:pk>/versions/", rules.rule_versions, name="rule_versions"),
    path("rules/<int:pk>/versions/<int:number>/restore/", rules.restore_rule, name="restore_rule"),
    path("t/<int:number>/rules/", rules.ticket_rules, name="ticket_rules"),
    # /admin/tags/
    path("admin/tags/", tag_pages.tag_list, name="tag_list"),
    path("admin/tags/one/", tag_pages.one_tag, name="one_tag"),
    # /macros/
    path("macros/", macros.macros, name="macros"),
    path("macros/<int:pk>/", macros.macros, name="edit_macro"),
    # /guidance/<code>/
    path("guidance/<slug:code>/", knowledge.guidance, name="guidance"),
    path("guidance/<slug:code>/versions/", knowledge.guidance_versions, name="guidance_versions"),
    path("guidance/<slug:code>/offers/", knowledge.offers, name="offers"),
    path("guidance/<slug:code>/offers/<int:pk>/", knowledge.offers, name="edit_offer"),
    path("guidance/<slug:code>/offers/<int:pk>/retire/", knowledge.retire_offer, name="retire_offer"),
    # /remedies/
    path("remedies/given/", approvals.remedies_given, name="remedies_given"),
    path("remedies/ceiling/", knowledge.remedy_ceiling, name="remedy_ceiling"),
]

api_urlpatterns: list[URLPattern | URLResolver] = [
    # /tickets/
    path("tickets/", api.Tickets.as_view(), name="api_tickets"),
    path("tags/", api.Tags.as_view()),
    path("tags/counted/", tags_api.CountedTags.as_view()),
    path("tags/affected/", tags_api.AffectedByTag.as_view()),
    path("tags/changes/", tags_api.TagChanges.as_view()),
    path("tickets/play/", api_play.Play.as_view(), name="api_play"),
    path("tickets/bulk/", bulk_api.ActInBulk.as_view()),
    # /bulk-jobs/
    path("bulk-jobs/", bulk_api.BulkJobs.as_view()),
    path("bulk-jobs/<int:pk>/", bulk_api.OneBulkJob.as_view()),
    path("bulk-jobs/<int:pk>/tickets/", bulk_api.BulkTickets.as_view()),
    path("bulk-jobs/<int:pk>/stop/", bulk_api.StopBulk.as_view()),
    path("bulk-jobs/<int:pk>/undo/", bulk_api.UndoBulk.as_view()),
    # /mentions/
    path("mentions/", following_api.Mentions.as_view()),
    # /macros/
    path("macros/", macros_api.Macros.as_view(), name="api_macros"),
    path("macros/<int:pk>/", macros_api.OneMacro.as_view()),
    # /ticket-views/
    path("ticket-views/", api_ticket_views.TicketViews.as_view(), name="api_ticket_views"),
    path("ticket-views/<int:pk>/", api_ticket_views.TicketViewByNumber.as_view(), name="api_ticket_view"),
    # /tickets/<number>/
    path("tickets/<int:number>/", api.TicketByNumber.as_view(), name="api_ticket"),
    path("tickets/<int:number>/replies/", api.Replies.as_view(), name="api_ticket_replies"),
    path("tickets/<int:number>/notes/", api.Notes.as_view(), name="api_ticket_notes"),
    path("tickets/<int:number>/later/", later_api.LaterReplies.as_view()),
    path("tickets/<int:number>/later/<int:pk>/", later_api.OneLaterReply.as_view()),
    path("tickets/<int:number>/later/<int:pk>/send/", later_api.SendLaterReply.as_view()),
    path("tickets/<int:number>/sides/", sides_api.Sides.as_view()),
    path("tickets/<int:number>/sides/<int:pk>/", sides_api.OneSide.as_view()),
    path("tickets/<int:number>/sides/<int:pk>/letters/", sides_api.SideLetters.as_view()),
    path("tickets/<int:number>/presence/", presence_api.Presence.as_view()),
    path("tickets/<int:number>/followers/", following_api.Followers.as_view()),
    path("tickets/<int:number>/macros/", macros_api.TicketMacros.as_view()),
    path("tickets/<int:number>/macros/<int:pk>/", macros_api.PreviewMacro.as_view()),
    path("tickets/<int:number>/macros/<int:pk>/apply/", macros_api.ApplyMacro.as_view()),
    path("tickets/<int:number>/drafts/", api_drafts.Drafts.as_view()),
    path("tickets/<int:number>/drafts/<int:pk>/", api_drafts.OneDraft.as_view()),
    path("tickets/<int:number>/assign/", api.Assign.as_view(), name="api_ticket_assign"),
    path("tickets/<int:number>/classify/", api.Classify.as_view(), name="api_ticket_classify"),
    path("tickets/<int:number>/keep/", api_play.Keep.as_view(), name="api_ticket_keep"),
    path("tickets/<int:number>/skip/", api_play.Skip.as_view(), name="api_ticket_skip"),
    path("tickets/<int:number>/leave/", api_play.Leave.as_view(), name="api_ticket_leave"),
    path("tickets/<int:number>/hold/", api.Hold.as_view(), name="api_ticket_hold"),
    path("tickets/<int:number>/snooze/", snoozing_api.SnoozeTicket.as_view(), name="api_ticket_snooze"),
    path("tickets/<int:number>/tasks/", checklists_api.TicketTasks.as_view(), name="api_ticket_tasks"),
    path("tickets/<int:number>/tasks/lay-out/", checklists_api.ApplyChecklist.as_view(), name="api_lay_out"),
    path(
        "tickets/<int:number>/tasks/<int:pk>/",
        checklists_api.TicketTaskByNumber.as_view(),
        name="api_ticket_task",
    ),
    path("tickets/<int:number>/calls/", calls_api.TicketCalls.as_view()),
    path("tickets/<int:number>/time/", timekeeping_api.TicketTime.as_view(), name="api_ticket_time"),
    path(
        "tickets/<int:number>/time/<int:pk>/strike-out/",
        timekeeping_api.StrikeTime.as_view(),
        name="api_strike_time",
    ),
    path("tickets/<int:number>/solve/", api.Solve.as_view(), name="api_ticket_solve"),
    path("tickets/<int:number>/status/", status_api.SetStatus.as_view(), name="api_ticket_status"),
    path("tickets/<int:number>/keep-open/", closing_api.KeepOpen.as_view(), name="api_ticket_keep_open"),
    path("tickets/<int:number>/reopen/", api.Reopen.as_view(), name="api_ticket_reopen"),
    path("tickets/<int:number>/messages/<int:pk>/deny-thanks/", reopening_api.DenyThanks.as_view()),
    path("tickets/<int:number>/merge/", api.Merge.as_view(), name="api_ticket_merge"),
    path("tickets/<int:number>/merge/undo/", api.UndoMerge.as_view()),
    path("tickets/<int:number>/merge-in/", api.MergeIn.as_view()),
    path("tickets/<int:number>/splits/", api_splitting.Splits.as_view()),
    path("tickets/<int:number>/splits/<int:pk>/undo/", api_splitting.UndoSplit.as_view()),
    path("tickets/<int:number>/history/", api.History.as_view()),
    path("tickets/<int:number>/remedy/", api.GiveRemedy.as_view(), name="api_ticket_remedy"),
    path("tickets/<int:number>/remedies/", api_guidance.Remedies.as_view()),
    path("tickets/<int:number>/remedies/<int:pk>/strike-out/", api_guidance.StrikeRemedy.as_view()),
    path("tickets/<int:number>/facts/", api_guidance.Facts.as_view()),
    path("tickets/<int:number>/approvals/", api_guidance.TicketApprovals.as_view()),
    path("tickets/<int:number>/links/", links_api.Links.as_view(), name="api_ticket_links"),
    path("tickets/<int:number>/links/<int:pk>/", links_api.OneLink.as_view(), name="api_ticket_link"),
    path("tickets/<int:number>/children/", links_api.Children.as_view(), name="api_ticket_children"),
    path("tickets/<int:number>/children/answers/", links_api.AnswerChildren.as_view()),
    path("tickets/<int:number>/children/answers/<int:pk>/", links_api.ChildrenAnswered.as_view()),
    # /approvals/
    path("approvals/", api_guidance.Approvals.as_view()),
    path("approvals/<int:pk>/", api_guidance.OneApproval.as_view()),
    # /guidance/
    path("guidance/<slug:code>/", api_guidance.GuidanceByIssue.as_view()),
    path("guidance/<slug:code>/versions/", api_guidance.GuidanceVersions.as_view()),
    path("guidance/<slug:code>/offers/", api_guidance.Offers.as_view()),
    path("offers/<int:pk>/", api_guidance.OneOffer.as_view()),
    path("remedies/figures/", api_guidance.RemedyFigures.as_view()),
    path("remedies/ceiling/", api_guidance.Ceiling.as_view()),
    # /calls/
    path("calls/", calls_api.Calls.as_view()),
    # /checklists/
    path("checklists/", checklists_api.Checklists.as_view(), name="api_checklists"),
    # /statuses/
    path("statuses/", status_api.Statuses.as_view(), name="api_statuses"),
    path("statuses/<int:pk>/", status_api.OneStatus.as_view(), name="api_status"),
    # /closing-rules/
    path("closing-rules/", closing_api.ClosingRules.as_view(), name="api_closing_rules"),
    path("closing-rules/<int:pk>/", closing_api.OneClosingRule.as_view(), name="api_closing_rule"),
    path("closing-rules/<int:pk>/preview/", closing_api.ClosingPreview.as_view()),
    path("closing-rules/<int:pk>/switch/", closing_api.ClosingSwitch.as_view()),
    # /reopen-policies/
    path("reopen-policies/", reopening_api.ReopenPolicies.as_view(), name="api_reopen_policies"),
    path("reopen-policies/<slug:slug>/", reopening_api.OneReopenPolicy.as_view(), name="api_reopen_policy"),
    # /rules/
    path("rules/", rules_api.Rules.as_view()),
    path("rules/try/", rules_api.TryRule.as_view()),
    path("rules/<int:pk>/", rules_api.OneRule.as_view()),
    path("rules/<int:pk>/move/", rules_api.MoveRule.as_view()),
    path("rules/<int:pk>/copy/", rules_api.CopyRule.as_view()),
    path("rules/<int:pk>/versions/", rules_api.RuleVersions.as_view()),
    path("rules/<int:pk>/versions/<int:number>/restore/", rules_api.RestoreRule.as_view()),
    path("tickets/<int:number>/rules/", rules_api.TicketRules.as_view()),
    # /recodings/
    path("recodings/", recoding_api.Recodings.as_view()),
    path("recodings/preview/", recoding_api.PreviewRecoding.as_view()),
    path("recodings/<int:pk>/", recoding_api.OneRecoding.as_view()),
    path("recodings/<int:pk>/tickets/", recoding_api.RecodedTickets.as_view()),
    path("recodings/<int:pk>/stop/", recoding_api.StopRecoding.as_view()),
    path("recodings/<int:pk>/undo/", recoding_api.UndoRecoding.as_view()),
]
