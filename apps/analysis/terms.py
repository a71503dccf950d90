"""Words that set some texts apart from others.

Method: weighted log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn, "Fightin' Words", 2008): for
each word and pair of words the difference of its log-odds inside and outside, each smoothed by the share it has in
both together, worth `_PRIOR_WEIGHT` occurrences in all, divided by its standard error. So a word that is rare
everywhere does not win by chance, and one that is common everywhere does not win by size. A text counts a word once:
who repeats a word does not count for more.

Function words of the languages customers write in are left out, and so are numbers: an amount or a date sets nothing
apart. Pass texts whose personal data is masked: terms are shown.
Limits: at least two texts must say a term. A word of another language than the others sets its speakers apart.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from apps.analysis.series import Floats

_NOTHING = 1e-9
_PRIOR_WEIGHT = 500.0
_MASK = re.compile(r"\[[\w -]+\]")
_WORD = re.compile(r"[^\W\d_][\w'’-]*[^\W_]|[^\W_]*\d[\w.-]*[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")
# Those of English, German, French, Spanish, Italian, Dutch and Portuguese that are frequent in complaints.
_FREQUENT = """
a about after again all also am an and any are as at be because been before being but by can can't cannot could
did do does doesn't doing don't down each even few for from further get got had has have having he her here hers
him his how i i'm i've if in into is isn't it it's its just me more most my myself no nor not now of off on once
only or other our ours out over own please same she should so some still such than thank thanks that the their
theirs them then there these they this those through to too under until up us very was we were what when where
which while who whom why will with won't would you your yours dear hello hi regards best sincerely aber alle als
also am an auch auf aus bei bin bis bitte da danke das dass dem den der des die dies diese doch du durch ein
eine einem einen einer er es für habe haben hallo hat hatte ich ihr ihre im in ist ja kann kein keine können man
mehr mein meine mich mir mit nach nicht noch nur oder schon sehr sein seit sich sie sind so und uns um vom von
vor war warum was wenn wer wie wieder wir wird wurde zu zum zur grüße grüßen ai al alla au aux avec avez bonjour
ce ces cette che chez ci come comme con cosa da dans de del della des di dit dos du e el elle em en es est esta
este et eu fait già gli grazie gracias ha han hay hola i il ils j'ai je jusqu la las le les leur lo los lui ma
mais mas me merci mes mi mio mis moi mon mucho muy más même na nao ne nel nella no non nos notre nous não o os
ou où para par pas per perché pero più plus por porque pour que quel questo qui quoi sa sans se ses si sin sobre
son sono su suis sur também te tout très tu um uma un una une uno vi voor votre vous y ya à è été aan als bij
dan dat de deze die dit door een en er ga geen gebruik had heb hebben heeft het hij hoe ik in is je kan maar
meer met mij mijn na naar niet nog nu of om omdat onder ons ook op over te toch tot u uit uw van veel waar wat
we wel wij worden ze zijn zo kind wishes every like one good morning evening since still really
"""
_FUNCTION_WORDS = frozenset(_FREQUENT.split())


def distinctive_terms(inside: Sequence[str], outside: Sequence[str], *, most: int = 6) -> tuple[str, ...]:
    """Words and pairs of words that set the texts inside apart from those outside, the strongest first.

    A word that is part of a stronger pair is not named again.
    """
    a, b = (
        Counter(term for text in texts for term in dict.fromkeys(_terms(text))) for texts in (inside, outside)
    )
    least = min(2, len(inside))
    names = [term for term, count in a.items() if count >= least]
    if not names:
        return ()
    inner, outer = (np.array([counter[name] for name in names], np.float64) for counter in (a, b))
    z = dict(zip(names, _scores(inner, outer, a.total(), b.total()).round(6).tolist(), strict=True))
    # Of two equally strong ones the pair, then the one that is said first.
    order = sorted(names, key=lambda term: (-z[term], -len(term.split())))
    ranked = [term for term in order if z[term] > 0 or not outside]
    return tuple(_without_repeats(ranked))[:most]


def _scores(a: Floats, b: Floats, all_a: int, all_b: int) -> Floats:
    """(terms,): how many standard errors each is oftener inside than outside, from how many texts say it."""
    prior = (a + b) / (all_a + all_b) * _PRIOR_WEIGHT
    odds_in = np.log((a + prior) / np.maximum(all_a + _PRIOR_WEIGHT - a - prior, _NOTHING))
    odds_out = np.log((b + prior) / np.maximum(all_b + _PRIOR_WEIGHT - b - prior, _NOTHING))
    scores: Floats = (odds_in - odds_out) / np.sqrt(1 / (a + prior) + 1 / (b + prior))
    return scores


def _terms(text: str) -> Iterator[str]:
    """Words, and pairs of words that stand beside each other but for function words."""
    words = [
        word
        for word in _WORD.findall(_MASK.sub(" ", text.lower().replace("’", "'")))
        if _says_something(word)
    ]
    yield from words
    yield from map(" ".join, pairwise(words))


def _says_something(word: str) -> bool:
    return word not in _FUNCTION_WORDS and bool(_LETTER.search(word))


def _without_repeats(ranked: Sequence[str]) -> Iterator[str]:
    chosen: list[str] = []
    for term in ranked:
        words = set(term.split())
        if not any(words <= set(other.split()) for other in chosen):
            chosen.append(term)
            yield term
