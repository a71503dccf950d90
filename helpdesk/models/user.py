from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy

SYSTEM_EMAIL = "system@helpdesk.invalid"


class Role(models.TextChoices):
    """What somebody is here to do; `helpdesk/permissions.py` says what each may do."""

    AGENT = "agent", gettext_lazy("Customer service representative")
    LEAD = "lead", gettext_lazy("Team lead")
    OWNER = "owner", gettext_lazy("Department owner")
    ANALYST = "analyst", gettext_lazy("Analyst")
    ADMIN = "admin", gettext_lazy("Administrator")
    CUSTOMER = "customer", gettext_lazy("Customer")
    API_CLIENT = "api_client", gettext_lazy("API client")
    SYSTEM = "system", gettext_lazy("System")


class UserManager(BaseUserManager["User"]):
    """Factories of user rows."""

    def create_user(
        self, *, email: str, name: str, role: str, password: str | None = None, **fields: Any
    ) -> "User":
        user = self.model(email=email.strip().lower(), name=name, role=role, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def system(self) -> "User":
        """The row in whose name machines act: there is no act without a `by`."""
        user, _ = self.get_or_create(email=SYSTEM_EMAIL, defaults={"name": "Helpdesk", "role": Role.SYSTEM})
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """Somebody, or some machine, that acts here: every event names one."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=12, choices=Role.choices)
    department = models.ForeignKey(
        "helpdesk.Department", models.PROTECT, null=True, blank=True, related_name="members"
    )
    # The customer behind a portal account; only for the role customer.
    customer = models.ForeignKey("helpdesk.Customer", models.CASCADE, null=True, blank=True, related_name="+")
    time_zone = models.CharField(max_length=60, default="UTC")
    # What pages and letters are written in for this person; empty: pages as the browser asks, letters as the house.
    language = models.CharField(max_length=10, blank=True, default="")
    # Whoever mentions this person in a note makes them follow the ticket.
    follow_mentions = models.BooleanField(default=True, db_default=True)
    # Colleagues see which ticket this person has open, and whether they write on it.
    show_presence = models.BooleanField(default=True, db_default=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name", "role"]

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="user_email_is_lower_case", condition=models.Q(email=Lower("email"))),
            models.CheckConstraint(
                name="customer_accounts_have_a_customer",
                condition=~models.Q(role="customer") | models.Q(customer__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    # Properties

    @property
    def is_staff_member(self) -> bool:
        return self.role in {Role.AGENT, Role.LEAD, Role.OWNER, Role.ANALYST, Role.ADMIN}

    @property
    def is_machine(self) -> bool:
        return self.role in {Role.SYSTEM, Role.API_CLIENT}
