"""Customers: everything known about one person on one page, found by any of it, and corrected with its history.

In: what people and programs write about a customer. Out: the page, the list and `/api/v1/customers/`.
The noun is the kernel's (`helpdesk/models/customer.py`), as is who may know of whom (`visible_to`). Here stand its use
cases: `services.py` changes, `queries.py` finds and shows. Boxes of points further right are named in config/panels.py.
"""
