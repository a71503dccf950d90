"""Bring the catalogues of translations up to the source, and compile them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from config.words import Text, marked


class Command(BaseCommand):
    help = "Read every marked text into helpdesk/locale/*/LC_MESSAGES/django.po, and compile it; says what is missing."

    def handle(self, *args: Any, **options: Any) -> None:
        for language, name in settings.LANGUAGES:
            if language == "en":
                continue
            path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
            missing = bring_up_to_date(path)
            self.stdout.write(f"{name}: {len(missing)} to translate")
            self.stdout.writelines(f"  {words}\n" for words in missing)


def bring_up_to_date(path: Path) -> list[str]:
    """What the source no longer says goes, what is new comes untranslated; returns what is still to do."""
    import polib  # only who changes words needs it

    known = polib.pofile(str(path))
    translated = {Text(one.msgid, one.msgid_plural, one.msgctxt or ""): one for one in known}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.header, catalogue.metadata = known.header, known.metadata
    for text, files in marked().items():
        entry = translated.get(text) or polib.POEntry(
            msgid=text.singular, msgid_plural=text.plural, msgctxt=text.context or None
        )
        if text.plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: "", 1: ""}
        # Without line numbers: the catalogue changes when the words do.
        entry.occurrences, entry.flags = [(file, "") for file in files], _flags(text)
        catalogue.append(entry)
    catalogue.save(str(path))
    catalogue.save_as_mofile(str(path.with_suffix(".mo")))
    return [entry.msgid for entry in catalogue.untranslated_entries()]


def _flags(text: Text) -> list[str]:
    return ["python-format"] if "%(" in text.singular else []
