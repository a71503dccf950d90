"""What a customer's words do to a ticket that is over: a thank-you nothing, anything else opens it again for as long
as the department's policy says; after that it goes on as a new ticket, linked to the old one.
"""
