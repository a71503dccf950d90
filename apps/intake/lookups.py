"""Rows that every new ticket needs."""

from helpdesk.models import Customer, Department
from helpdesk.statements import Lookup

customer_by_email = Lookup(
    Customer, "WHERE own.id = (SELECT customer_id FROM helpdesk_customeraddress WHERE email = %s)"
)
default_department = Lookup(Department, "ORDER BY own.is_default DESC, own.id")
