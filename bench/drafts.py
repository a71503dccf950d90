"""Drafts under chaos: pages are reloaded, killed, signed out, offline, two at once; then all words are looked for.

    .venv/bin/python -m bench.drafts [--runs 1000] [--steps 60]

The browser's part (`static/js/drafts.js`) is played here: what it keeps in its storage, when it saves, what it takes up
again. The server's part is the services themselves on a real PostgreSQL. Every word that is typed is a new one. At the
end each must stand in a draft, a message, a browser's storage or an open page; the number of lost ones is told.
"""

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bench.ground import empty_helpdesk

START = datetime(2026, 5, 6, 10, 0, tzinfo=UTC)


@dataclass
class Entry:
    """What a browser keeps in its storage."""

    text: str
    saved: bool
    writer: str
    revision: int
    draft: int
    seen: int


@dataclass
class Save:
    """A request on its way: it may come late, or never."""

    text: str
    writer: str
    revision: int
    draft: int
    seen: int


@dataclass
class Page:
    """An open tab with a composer in it."""

    writer: str
    text: str = ""
    draft: int = 0
    seen: int = 0
    revision: int = 0
    dirty: bool = False
    flying: Save | None = None


@dataclass
class Browser:
    """One machine: the storage that its tabs share, and the tabs."""

    kept: Entry | None = None
    aside: dict[str, Entry] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)


class Desk:
    """One person with a ticket and two machines."""

    def __init__(self, ticket: Any, user: Any, seed: int) -> None:
        self.ticket, self.user, self.chance = ticket, user, random.Random(seed)
        self.browsers = [Browser(), Browser()]
        self.online = True
        self.late: list[Save] = []
        self.sent: list[Any] = []
        self.typed: list[str] = []
        self.names = count(1)
        self.now = START

    # What the server does

    def deliver(self, save: Save) -> Any:
        from apps.response.services import Composer, Read, save_draft

        read = Read(save.draft, save.seen) if save.draft and save.seen else None
        return save_draft(
            ticket=self.ticket, kind="reply", text=save.text, composer=Composer(save.writer, save.revision),
            goes_on_with=read, by=self.user, at=self.now,
        )  # fmt: skip

    def newest(self) -> Any:
        from apps.response.queries import drafts_of, ticket_in_full

        return drafts_of(ticket_in_full(self.ticket.pk, user=self.user))["reply"].draft

    # What a browser does

    def open(self, browser: Browser) -> None:
        page = Page(f"w{next(self.names)}")
        if found := self.newest():
            page.text, page.draft, page.seen, page.revision = (
                found.text,
                found.pk,
                found.revision,
                found.revision,
            )
        if (kept := browser.kept) and not kept.saved and kept.text != page.text:
            page.text, page.draft, page.seen, page.dirty = kept.text, kept.draft, kept.seen, True
            page.revision = max(page.revision, kept.revision, kept.seen + 1)
        browser.pages.append(page)
        for writer, entry in list(browser.aside.items()):
            if self.online:
                self.deliver(Save(entry.text, writer, entry.revision, entry.draft, entry.seen))
                del browser.aside[writer]

    def type(self, browser: Browser, page: Page) -> None:
        for other in browser.pages:
            if other is not page:
                self.save(browser, other)  # it was left for this one
        word = f"word{len(self.typed)};"
        self.typed.append(word)
        page.text += word
        page.dirty = True
        page.revision += 1
        self.keep_aside(browser, page)
        browser.kept = Entry(page.text, False, page.writer, page.revision, page.draft, page.seen)

    def others(self, browser: Browser, page: Page) -> Entry | None:
        """Another tab's words that the server has not heard yet."""
        kept = browser.kept
        differs = kept and not kept.saved and kept.writer != page.writer and kept.text not in page.text
        return kept if differs else None

    def keep_aside(self, browser: Browser, page: Page) -> None:
        if other := self.others(browser, page):
            browser.aside[other.writer] = other

    def save(self, browser: Browser, page: Page) -> None:
        if page.flying:
            return
        if page.dirty and self.online:
            page.dirty = False
            page.flying = Save(page.text, page.writer, page.revision, page.draft, page.seen)

    def answer(self, browser: Browser, page: Page) -> None:
        """The save that is on its way arrives, and its answer comes back; or one of the two is lost."""
        save, page.flying = page.flying, None
        if save is None:
            return
        fate = self.chance.random()
        told = self.deliver(save) if fate > 0.15 else None
        if told is None or fate > 0.9:
            page.dirty = True
            return
        page.draft, page.seen, page.revision = told.pk, told.revision, max(page.revision, told.revision)
        if page.text == save.text and not self.others(browser, page):
            browser.kept = Entry(page.text, True, page.writer, page.revision, page.draft, page.seen)

    def kill(self, browser: Browser, page: Page) -> None:
        browser.pages.remove(page)
        if page.flying:
            self.late.append(page.flying)

    def send(self, browser: Browser, page: Page) -> None:
        from apps.response import services

        if not page.text.strip() or not self.online:
            return
        self.keep_aside(browser, page)
        browser.kept = Entry(page.text, False, page.writer, page.revision, page.draft, page.seen)
        if self.chance.random() < 0.3:  # refused: the page is there again with all that was written
            return
        message = services.reply(
            ticket=self.ticket, body=page.text, composer=services.Composer(page.writer, page.revision),
            by=self.user, at=self.now,
        )  # fmt: skip
        self.sent.append(message)
        self.kill(browser, page)
        browser.kept = None
        self.open(browser)

    def take_back(self) -> None:
        from apps.response import services

        if self.sent:
            services.take_back(message=self.sent.pop(), by=self.user, at=self.now)

    def step(self) -> None:
        self.now += timedelta(seconds=1)
        browser = self.chance.choice(self.browsers)
        if not browser.pages:
            return self.open(browser)
        page = self.chance.choice(browser.pages)
        acts = {"type": 30, "save": 20, "answer": 20, "kill": 6, "reload": 6, "open": 5, "send": 4, "undo": 2,
                "out": 3, "late": 4}  # fmt: skip
        match self.chance.choices(list(acts), list(acts.values()))[0]:
            case "type":
                self.type(browser, page)
            case "save":
                self.save(browser, page)
            case "answer":
                self.answer(browser, page)
            case "kill":
                self.kill(browser, page)
            case "reload":
                self.kill(browser, page)
                self.open(browser)
            case "open":
                self.open(browser)
            case "send":
                self.send(browser, page)
            case "undo":
                self.take_back()
            case "out":  # signed out, or the line is dead; and back
                self.online = not self.online
            case "late" if self.late:
                self.deliver(self.late.pop(self.chance.randrange(len(self.late))))
        return None

    def everywhere(self) -> Iterator[str]:
        from apps.response.models import Draft

        yield from Draft.objects.filter(ticket=self.ticket).values_list("text", flat=True)
        yield from (message.body for message in self.sent)
        for browser in self.browsers:
            yield from (page.text for page in browser.pages)
            yield from (entry.text for entry in browser.aside.values())
            yield browser.kept.text if browser.kept and not browser.kept.saved else ""


def lose_nothing(desk: Desk, *, steps: int) -> list[str]:
    """Live through it; the words that are nowhere afterwards."""
    for _ in range(steps):
        desk.step()
    there = "\n".join(desk.everywhere())
    return [word for word in desk.typed if word not in there]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=1_000)
    options.add_argument("--steps", type=int, default=60)
    asked = options.parse_args()
    with empty_helpdesk():
        measure(asked.runs, asked.steps)


def measure(runs: int, steps: int) -> None:
    from django.db import transaction

    from tests.factories import make_cast, make_ticket

    cast = make_cast()
    ticket = make_ticket(cast)
    typed = lost = 0
    for seed in range(runs):
        with transaction.atomic():
            desk = Desk(ticket, cast.ana, seed)
            lost += len(lose_nothing(desk, steps=steps))
            typed += len(desk.typed)
            transaction.set_rollback(True)
    print(f"{runs} runs of {steps} steps, {typed} words typed: {lost} lost")


if __name__ == "__main__":
    main()
