"""Which articles still have to say what parts of an issue that was split they answer."""

from django.db.models import Prefetch, Q

from apps.output.articles.models import Article, SplitQuestion, SplitQuestionQuerySet
from apps.output.articles.queries import in_full
from apps.output.articles.services.rows import PUBLISH, WRITE
from helpdesk.models import User
from helpdesk.permissions import may

MOST = 200


def questions_on(article: Article) -> SplitQuestionQuerySet:
    """Unanswered ones while a part can still be chosen, the oldest first; three queries."""
    return _open().filter(article=article)


def questions_for(user: User) -> list[SplitQuestion]:
    """What waits for this person: on articles of theirs, and for who publishes on those of their department, or of
    none. Six queries; none for who writes no articles."""
    if not may(user, WRITE):
        return []
    theirs = Q(article__made_by=user)
    if may(user, PUBLISH):
        theirs |= Q(article__department=None)
        if user.department_id is not None:
            theirs |= Q(article__department=user.department_id)
    if may(user, "helpdesk.configure"):
        theirs |= Q(article__made_by__is_active=False)
    rows = _open().filter(theirs, article__in=Article.objects.visible_to(user))
    return list(rows.prefetch_related(Prefetch("article", queryset=in_full(Article.objects.all())))[:MOST])


def _open() -> SplitQuestionQuerySet:
    rows: SplitQuestionQuerySet = SplitQuestion.objects.unanswered().filter(parts__valid_to=None).distinct()
    return rows.select_related("issue").prefetch_related("parts")
