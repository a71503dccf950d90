"""The help centre: eight articles, three of them in German too, the names of issues and fields in German, and a quarter of visitors who looked for something."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from apps.intake.customer_words.queries import texts
from apps.intake.customer_words.services import say_to_customers
from apps.output.articles import services
from apps.output.articles.models import Article, Topic
from apps.output.help_centre.models import ArticleUse, HelpSearch, HelpVisit
from config.demo.load.house import House
from config.demo.rows import World

LEAD, AGENT = "lena@warmfold.example", "ana@warmfold.example"
DAY = timedelta(days=1)
VISITS = 240
TOPICS = {
    "bills": {"en": "Bills and payment", "de": "Rechnung und Zahlung"},
    "parcels": {"en": "Parcels and returns", "de": "Pakete und Rücksendungen"},
    "devices": {"en": "Your devices", "de": "Ihre Geräte"},
}
WRITTEN, WORDS = (Path(__file__).parents[1] / name for name in ("answers.toml", "words.toml"))
# what was looked for, whether it finds something, how often of a hundred
SOUGHT = (("charged twice", True, 24), ("refund", True, 18), ("parcel late", True, 16), ("cancel plan", True, 10),
          ("gift card balance", False, 9), ("change delivery address", False, 8), ("wifi 5 ghz", False, 6),
          ("warranty", False, 5), ("klarna", False, 4))  # fmt: skip
MISSED = (
    "My bank shows both as booked for a week",
    "It does not say what happens abroad",
    "I have no printer",
)


def write_answers(world: World, house: House) -> None:
    lena, at = house.people[LEAD], world.now - 100 * DAY
    topics = {
        slug: services.save_topic(slug=slug, names=names, position=place, by=lena, at=at)
        for place, (slug, names) in enumerate(TOPICS.items())
    }
    sources = tomllib.loads(WRITTEN.read_text())["articles"]
    articles = [_written(house, topics, source, at=at) for source in sources]
    _move_on(house, articles[0], at=world.now - 20 * DAY)
    draft = services.add_article(
        language="en",
        words={
            "title": "How much is left on my gift card?",
            "summary": "",
            "body": "Open *Account, Gift cards*: the balance stands beside each code.",
        },
        values={"topic": topics["bills"]},
        by=house.people[AGENT],
        at=world.now - DAY,
    )
    services.ask_review(text=draft.texts.get(), by=house.people[AGENT], at=world.now - DAY)
    _visit(world, articles)
    said = tomllib.loads(WORDS.read_text())
    known = {text: said[text] for text in texts() if text in said}
    say_to_customers(language="de", words=known, by=house.admin, at=world.now - DAY)


def _written(house: House, topics: dict[str, Topic], source: dict[str, Any], *, at: datetime) -> Article:
    lena, issue = house.people[LEAD], house.issues.get(source["issue"])
    article = services.add_article(
        language="en", words=source["en"], issues=[issue] if issue else [],
        values={"topic": topics[source["topic"]], "look_again_on": (at + 120 * DAY).date()}, by=lena, at=at,
    )  # fmt: skip
    services.publish_text(text=article.texts.get(), by=lena, at=at)
    if "de" in source:
        services.draft_text(article=article, language="de", words=source["de"], by=lena, at=at)
        services.publish_text(text=article.texts.get(language="de"), by=lena, at=at)
    return article


def _move_on(house: House, article: Article, *, at: datetime) -> None:
    """The source says more than its translation now."""
    text, lena = article.texts.get(language="en"), house.people[LEAD]
    words = text.words() | {"body": text.body + "\n\nFrom abroad it may take five days."}
    services.draft_text(article=article, language="en", words=words, by=lena, at=at)
    services.publish_text(text=text, by=lena, at=at)


def _visit(world: World, articles: list[Article]) -> None:
    """As many visits as a small help centre has in a quarter; those of the last three days are not over."""
    chance = Random(11)
    found = {"charged twice": 0, "refund": 1, "parcel late": 4, "cancel plan": 7}
    rows: list[tuple[HelpVisit, HelpSearch, ArticleUse | None]] = []
    for number in range(VISITS):
        at = world.now - chance.random() * 90 * DAY
        query, hits, _weight = chance.choices(SOUGHT, [weight for _q, _h, weight in SOUGHT])[0]
        opened = hits and chance.random() < 0.8
        over = at + 3 * DAY < world.now
        visit = HelpVisit(
            key=None if over else f"{chance.getrandbits(128):032x}", language="en", started_at=at,
            settled_at=at + 3 * DAY if over else None,
            wrote_at=at + timedelta(minutes=9) if chance.random() < (0.3 if opened else 0.6) else None,
        )  # fmt: skip
        search = HelpSearch(visit=visit, query=query, language="en", hits=int(hits), at=at,
                            opened_at=at if opened else None)  # fmt: skip
        use = _use(visit, articles[found[query]], at, chance, number) if opened else None
        rows.append((visit, search, use))
    HelpVisit.objects.bulk_create(visit for visit, _search, _use in rows)
    HelpSearch.objects.bulk_create(search for _visit, search, _use in rows)
    ArticleUse.objects.bulk_create(use for _visit, _search, use in rows if use)


def _use(visit: HelpVisit, article: Article, at: datetime, chance: Random, number: int) -> ArticleUse:
    said = chance.random()
    helped = None if said < 0.55 else said < 0.9 and visit.wrote_at is None
    return ArticleUse(
        visit=visit, article=article, language="en", way=ArticleUse.Way.SEARCH, shown_at=at, opened_at=at,
        helped=helped, voted_at=at if helped is not None else None,
        word=MISSED[number % len(MISSED)] if helped is False and number % 4 == 0 else "",
    )  # fmt: skip
