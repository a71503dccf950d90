"""Organisations: whose people our customers are, the mail domains that are theirs, and who of them sees whose tickets.

In: what people and programs write about an organisation. Out: its page, the list, `/api/v1/organisations/`, and the
pages outside on which a manager sees the tickets of the other members. The noun is the kernel's
(`helpdesk/models/organisation.py`), as is what a manager may see (`Ticket.objects.visible_to_customer`).
"""
