"""Words into pieces as BERT's uncased vocabulary has them (Wu and others 2016; Devlin and others 2019).

Lower case, accents off, each punctuation mark and each Chinese character alone; then every word from its left in the
longest pieces that the vocabulary knows, and one unknown token for a word that can't be laid out so.
"""

import string
import unicodedata
from functools import lru_cache

_LONGEST_WORD = 100  # characters; longer ones are keys and links, which mean nothing
_CONTINUES = "##"
_CHINESE = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FA1F))


class WordPiece:
    """`vocabulary` maps piece to id. Rows start with [CLS] and end with [SEP], as the model was trained."""

    def __init__(self, vocabulary: dict[str, int], *, longest: int) -> None:
        self._vocabulary = vocabulary
        self._start, self._end = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._unknown = vocabulary["[UNK]"]
        self._longest = longest
        self._pieces = lru_cache(maxsize=50_000)(self._pieces_of)

    def __call__(self, text: str) -> list[int]:
        """At most `longest` ids; what comes after is cut."""
        room = self._longest - 2
        ids: list[int] = []
        for word in unicodedata.normalize("NFD", text).lower().translate(_apart).split():
            ids += self._pieces(word)
            if len(ids) >= room:
                break
        return [self._start, *ids[:room], self._end]

    def _pieces_of(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            before = _CONTINUES if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if before + word[start:end] in self._vocabulary), None)
            if end is None:
                return (self._unknown,)
            found.append(self._vocabulary[before + word[start:end]])
            start = end
        return tuple(found)


class _Apart(dict[int, str]):
    """What `str.translate` puts in the place of a character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _in_its_place(chr(code))
        return found


_apart = _Apart()


def _in_its_place(character: str) -> str:
    category = unicodedata.category(character)
    if character.isspace():
        return " "
    if category in ("Mn", "Cc", "Cf", "Co", "Cn"):
        return ""
    stands_alone = character in string.punctuation or category.startswith("P") or _is_chinese(character)
    return f" {character} " if stands_alone else character


def _is_chinese(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _CHINESE)
