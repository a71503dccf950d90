"""Use cases: colleagues, passwords, departments."""

from apps.staff.accounts.services.colleagues import (
    LastAdministrator,
    add_colleague,
    change_colleague,
    switch_colleague,
)
from apps.staff.accounts.services.departments import add_department, change_department
from apps.staff.accounts.services.passwords import (
    PasswordLinkDead,
    ask_for_password_link,
    change_password,
    choose_password,
    password_link,
    send_password_link,
    user_by_key,
)

__all__ = [
    "LastAdministrator",
    "PasswordLinkDead",
    "add_colleague",
    "add_department",
    "ask_for_password_link",
    "change_colleague",
    "change_department",
    "change_password",
    "choose_password",
    "password_link",
    "send_password_link",
    "switch_colleague",
    "user_by_key",
]
