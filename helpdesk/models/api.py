import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

SCOPES = (
    "tickets:read", "tickets:write", "taxonomy:read", "taxonomy:write", "cases:read", "cases:write",
    "staff:read", "staff:write", "quality:read", "quality:write",
    "customers:read", "customers:write", "admin",
)  # fmt: skip
PREFIX = "hd_"


def digest(secret: str) -> str:
    """Tokens are 256 random bits, so one round of SHA-256 keeps them as safe as a slow hash would."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, at: datetime) -> "ApiTokenQuerySet":
        unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=at)
        return self.filter(unexpired, revoked_at__isnull=True, user__is_active=True)


class ApiToken(models.Model):
    """A key a program shows to act as an API client. The key itself is shown once and never stored."""

    user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=120)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=40))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.start}...)"

    # Queries

    def is_usable(self, at: datetime) -> bool:
        in_time = self.expires_at is None or self.expires_at > at
        return in_time and self.revoked_at is None and self.user.is_active

    # Factories

    @classmethod
    def issue(
        cls, *, user: object, name: str, scopes: list[str], at: datetime, **fields: object
    ) -> tuple["ApiToken", str]:
        """The row, and the key that is shown this once."""
        key = PREFIX + secrets.token_urlsafe(32)
        token = cls.objects.create(
            user=user, name=name, scopes=scopes, start=key[:10], digest=digest(key), created_at=at, **fields
        )
        return token, key


REPLAY_FOR = timedelta(hours=24)


class IdempotencyKey(models.Model):
    """The first answer to a POST that carried an Idempotency-Key, replayed for a day to whoever repeats it."""

    token_user = models.ForeignKey("helpdesk.User", models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    request_digest = models.CharField(max_length=64)
    # Null while the first request is still being answered.
    status = models.PositiveSmallIntegerField(null=True)
    response = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["token_user", "key"], name="one_answer_per_idempotency_key")
        ]

    def __str__(self) -> str:
        return self.key
