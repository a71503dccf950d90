"""In which languages articles are written, and how PostgreSQL stems each: those it brings a dictionary for."""

from django.utils.translation import get_language_info

STEMMED = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish",
}  # fmt: skip
# Written as it stands, and found so.
UNSTEMMED = ("bg", "cs", "fa", "he", "hr", "ja", "ko", "lv", "nb", "pl", "sk", "sl", "th", "uk", "vi")
_NAMES = {
    code: str(get_language_info(code)["name_local"]).capitalize() for code in sorted((*STEMMED, *UNSTEMMED))
}
LANGUAGES = tuple(sorted(_NAMES.items(), key=lambda pair: pair[1].casefold()))


def config_of(language: str) -> str:
    """What PostgreSQL calls the way to stem this language."""
    return STEMMED.get(language, "simple")


def name_of(language: str) -> str:
    """As its readers call it."""
    return _NAMES.get(language, language)


def is_right_to_left(language: str) -> bool:
    return language in _NAMES and bool(get_language_info(language)["bidi"])


def main_part(language: str) -> str:
    """ "de" for "de-AT"."""
    return language.lower().replace("_", "-").partition("-")[0]
