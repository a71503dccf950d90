"""Those who wrote an article hear what became of their draft."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.output.articles.models import ArticleText
from apps.output.services import NewsItem, OwnLetter, inform
from helpdesk.links import on_site
from helpdesk.locales import as_read_by
from helpdesk.models import Event, User

# What ends a draft: whoever wrote before it has no part in the next one.
ENDS = ("article.published", "article.discarded")


@transaction.atomic
def tell_authors(*, text: ArticleText, event: Event, by: User, at: datetime) -> int:
    """Tell all who wrote on the draft that it was sent back, and why, or that it is published; nobody of their own act,
    and nobody who may not see the article any more. Returns how many."""
    return sum(
        _tell(user, text, event, by, at)
        for user in _authors(text, event)
        if user.pk != event.by_id and text.article.is_visible_to(user)
    )


def _authors(text: ArticleText, event: Event) -> list[User]:
    """Who wrote since the draft before was published or thrown away; two queries."""
    earlier = Event.objects.about("article", text.article_id).filter(
        pk__lt=event.pk, data__language=text.language
    )
    ended = earlier.filter(kind__in=ENDS).last()
    wrote = earlier.filter(kind="article.drafted", pk__gt=ended.pk if ended else 0)
    return list(User.objects.filter(pk__in=wrote.order_by().values("by")).order_by("pk"))


def _tell(user: User, text: ArticleText, event: Event, by: User, at: datetime) -> bool:
    address = f"{reverse('article', kwargs={'pk': text.article_id})}?language={text.language}"
    draft = text.versions.filter(number=None).first()
    letter = None
    with as_read_by(user):
        if event.kind == "article.published":
            words = {"who": event.by.name, "title": text.title}
            said = _("%(who)s published your article “%(title)s”") % words
        else:
            words = {"who": event.by.name, "title": draft.words["title"] if draft else text.title}
            said = _("%(who)s sent your article “%(title)s” back") % words
            # Nothing where somebody has written on it meanwhile.
            why = draft.refused_why if draft else ""
            lines = filter(None, (said, why, on_site(address)))
            letter = OwnLetter(subject=said, text="\n\n".join(lines) + "\n")
    key = f"{event.kind}:{event.pk}:{user.pk}"
    item = NewsItem(kind="article", key=key, title=said, about=event.about, url=address, letter=letter)
    return inform(item=item, to=user, by=by, at=at)
