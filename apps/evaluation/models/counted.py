from django.db import models


class CountedMonths(models.Model):
    """What standards and prevention are reckoned from, counted from the tickets once for all who look.

    One row, and only where there are so many tickets that nobody should wait for them at every view; thrown away it
    costs those who look their waiting, and nothing else.
    """

    is_one = models.BooleanField(default=True, unique=True, editable=False)
    # As of when everything in it was counted, and from which day on.
    counted_at = models.DateTimeField()
    since = models.DateField()
    # In which time zone its months begin.
    counted_in = models.CharField(max_length=60)
    tickets = models.PositiveIntegerField()
    # Measure, department, month, and the tally's four numbers: `queries.shares.count_shares`.
    shares = models.JSONField()
    # Month, owning department, issue, contacts, of these answered elsewhere: `queries.accountability.count_charges`.
    charges = models.JSONField()
    # Department, quarter, counts by name: `queries.facts.count_facts`.
    facts = models.JSONField()

    class Meta:
        verbose_name_plural = "counted months"

    def __str__(self) -> str:
        return f"{self.tickets} tickets, {self.counted_at:%Y-%m-%d %H:%M}"
