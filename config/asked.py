"""What points further right know of tickets, asked by name from points to their left: conditions of the search box,
what can be done to tickets, lines and letters on the page of a customer's request, what is known already where they
write one, whether they are heard at all, how an answer is taken back, and which days are working days."""

# The word before the colon, and the function that gives the tickets it means.
CONDITIONS = {
    "promise": "apps.control.queries_customer_promises.tickets_with_promise",
    "referral": "apps.control.queries_referrals.tickets_with_referral",
}
# What can be done to tickets besides, one by one, to many, by macros and by rules: a kind of act.
ACTS = {"link_case": "apps.analysis.acting.LINK_CASE"}
# How an answer that has not left yet is taken back: a function of the message, by whom and when.
TAKE_BACK = "apps.output.services.undo"
# What else a customer reads on the page of their request: a function of the ticket.
REQUEST_FACTS = (
    "apps.control.queries_customer_promises.shown_to_customer",
    "apps.analysis.queries.known_issues.said_of_request",
)
# Which of a machine's letters stand there among what was said: a condition of messages.
LETTERS_SHOWN = ("apps.response.closing.queries.letters",)
# What customers who ask for help may read that we know already: a function of the time.
KNOWN_ISSUES = ("apps.analysis.queries.known_issues.known_to_customers",)
# What of it the words of a message may be about: a function of the message, the reader's language and the time.
KNOWN_LIKE = ("apps.analysis.queries.known_issues.known_like",)
# What whoever writes on a request that is over for good is told: a function of the ticket, their name and the time.
REFUSAL = "apps.response.reopening.queries.refusal_of"
# Since when so many working days of its calendar have passed for a ticket: a function of the numbers of days and the
# time.
WORKING_DAYS = "apps.control.queries_working_days.since_working_days"
