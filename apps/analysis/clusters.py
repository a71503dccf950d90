"""Issues nobody has a code for yet: growing clusters among tickets that fit no code.

1. *Fit*: a text fits the taxonomy when it is about as close to its five nearest coded texts as coded texts
   are to one another (80 % of them); the others, and those coded "no fitting code", are looked at.
2. *Cluster*: the last 35 days, equal texts taken once, average linkage on cosine distance.
3. *Growth*: at least five tickets in the last seven days, and more than the 28 days before would explain
   (negative binomial, p < 1e-4). A cluster close to one that was already announced is not announced again.
4. *Words*: terms by weighted log-odds with an informative Dirichlet prior against all other texts (Monroe,
   Colaresi and Quinn 2008), a proposed name made of them, and the texts nearest the centre as examples.

Texts become vectors by TF-IDF over words, word pairs and letter groups, unless the caller brings vectors of
its own (a sentence encoder's are better: pass them with the rules `BY_MEANING`). Limits: short texts in many
languages at once separate by language first; boilerplate and signatures must have been stripped; at most
`MOST_TEXTS` different texts, the latest ones, are clustered, because the work grows with their square.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import hstack
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.preprocessing import normalize

from apps.analysis.series import Bools, Floats, Ints
from apps.analysis.tails import at_least

MOST_TEXTS = 2500
_TOPICS = 40  # dimensions kept of TF-IDF: enough for a few dozen issues, few enough that paraphrases meet
_NEIGHBOURS = 5
_PRIOR_WEIGHT = 500.0  # tokens' worth of background in the log-odds prior
_DISPERSION = 1.3


@dataclass(frozen=True)
class Rules:
    """When a cluster is announced; spans in days, distance and likeness in cosine."""

    distance: float = 0.85
    recent: int = 7
    history: int = 28
    least_recent: int = 5
    p: float = 1e-4
    same_as_known: float = 0.75
    examples: int = 3


BY_WORDS = Rules()  # for the TF-IDF vectors made here, between which even paraphrases are far apart
BY_MEANING = Rules(distance=0.5)  # for a sentence encoder's vectors


@dataclass(frozen=True)
class Emerging:
    """One growing cluster: indices of its texts, tickets in the recent and the earlier span, tickets the
    earlier span would lead one to expect, p-value, terms, proposed name, example indices, mean likeness of
    its texts.
    """

    members: tuple[int, ...]
    recent: int
    earlier: int
    expected: float
    p: float
    terms: tuple[str, ...]
    name: str
    examples: tuple[int, ...]
    likeness: float


def vectors_of(texts: Sequence[str]) -> Floats:
    """Unit vectors (n, d) of texts by TF-IDF (words and pairs, letter groups of 3 to 5), reduced to 40
    topics.

    Vectors of one call are comparable with each other only, so pass all texts that will be compared at once.
    """
    if not texts:
        return np.zeros((0, 1))
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english")
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=1)
    parts = []
    for vectoriser, weight in ((words, 1.0), (letters, 0.7)):
        try:
            parts.append(vectoriser.fit_transform(texts) * weight)
        except ValueError:
            continue  # "empty vocabulary": none of the texts has a word left of this kind
    if not parts:
        return np.zeros((len(texts), 1))
    table = hstack(parts).tocsr()
    topics = min(_TOPICS, min(table.shape) - 1)
    if topics < 2:
        return np.asarray(normalize(table).toarray(), np.float64)
    reduced = TruncatedSVD(topics, random_state=0).fit_transform(table)
    return np.asarray(normalize(reduced), np.float64)


def fits_no_code(texts: Floats, coded: Floats, *, share: float = 0.8) -> Bools:
    """Which texts (n, d) lie farther from their five nearest coded texts (m, d) than `share` of coded ones
    do.

    With fewer than ten coded texts nothing is known yet, and every text fits no code.
    """
    if len(coded) < 2 * _NEIGHBOURS:
        return np.ones(len(texts), np.bool_)
    inside = _nearness(coded, coded, skip_self=True)
    return _nearness(texts, coded) < np.quantile(inside, 1 - share)


def find_emerging(
    texts: Sequence[str],
    days: npt.ArrayLike,
    *,
    today: int,
    vectors: Floats | None = None,
    background: Sequence[str] = (),
    known: Sequence[Sequence[int]] = (),
    rules: Rules = BY_WORDS,
) -> tuple[Emerging, ...]:
    """Clusters among uncoded `texts` that grow, the fastest first.

    `days` (n,) day number of each text, `today` the last complete one; `vectors` (n, d) unit vectors when an
    encoder made them; `background` other texts of the department, for the terms; `known` lists of text
    indices of clusters that were announced before (texts of the last 35 days that were shown with them).
    """
    day = np.asarray(days, np.int64)
    if len(day) != len(texts):
        raise ValueError("texts and days differ in length")
    pool = np.flatnonzero((day > today - rules.recent - rules.history) & (day <= today))
    if len(pool) < rules.least_recent:
        return ()
    space = vectors_of(texts) if vectors is None else vectors
    old = [_centre(space[list(members)]) for members in known if len(members)]
    found = []
    for members in _clusters(texts, space, pool, rules):
        recent = int((day[members] > today - rules.recent).sum())
        earlier = len(members) - recent
        expected = (earlier + 1.0) * rules.recent / rules.history
        p = float(at_least(recent, expected, _DISPERSION))
        centre = _centre(space[members])
        if (
            recent < rules.least_recent
            or p >= rules.p
            or any(centre @ seen > rules.same_as_known for seen in old)
        ):
            continue
        found.append(
            _described(texts, background, day, space, members, centre, recent, earlier, expected, p, rules)
        )
    return tuple(sorted(found, key=lambda cluster: (cluster.p, cluster.members)))


def distinctive_terms(inside: Sequence[str], outside: Sequence[str], *, most: int = 6) -> tuple[str, ...]:
    """Words and word pairs that set the texts inside apart from those outside, the strongest first."""
    counter = CountVectorizer(
        ngram_range=(1, 2), stop_words="english", min_df=min(2, len(inside)), binary=True
    )
    try:
        table = counter.fit_transform([*inside, *outside])
    except ValueError:
        return ()  # no word occurs twice
    a = np.asarray(table[: len(inside)].sum(0), np.float64).ravel()
    b = np.asarray(table[len(inside) :].sum(0), np.float64).ravel()
    prior = (a + b) / (a + b).sum() * _PRIOR_WEIGHT
    odds_in = np.log((a + prior) / (a.sum() + prior.sum() - a - prior))
    odds_out = np.log((b + prior) / (b.sum() + prior.sum() - b - prior))
    z = (odds_in - odds_out) / np.sqrt(1 / (a + prior) + 1 / (b + prior))
    names = counter.get_feature_names_out()
    return tuple(str(names[i]) for i in np.argsort(-z, kind="stable")[:most] if z[i] > 0 or not len(outside))


def proposed_name(terms: Sequence[str], most: int = 2) -> str:
    """A working title out of the strongest terms: pairs first, no word twice; a person will rename it."""
    chosen: list[str] = []
    for term in sorted(terms[:4], key=lambda term: -len(term.split())):
        used = {word for one in chosen for word in one.split()}
        if len(chosen) < most and not used & set(term.split()):
            chosen.append(term)
    return ", ".join(chosen).capitalize()


def sentence(cluster: Emerging) -> str:
    """One plain sentence: how many, against how many, and about what."""
    words = ", ".join(f"“{term}”" for term in cluster.terms[:3])
    return (
        f"{cluster.recent} tickets in the last week that fit no code speak of {words}; "
        f"the four weeks before lead one to expect {cluster.expected:.1f}."
    )


def _nearness(texts: Floats, coded: Floats, *, skip_self: bool = False) -> Floats:
    """Mean cosine (n,) of each text to its nearest coded texts, a block at a time to bound the memory."""
    count = _NEIGHBOURS + skip_self
    means = []
    for start in range(0, len(texts), 1000):
        near = np.sort(texts[start : start + 1000] @ coded.T, 1)[:, -count:]
        means.append(near[:, :_NEIGHBOURS].mean(1) if skip_self else near.mean(1))
    return np.concatenate(means) if means else np.zeros(0)


def _clusters(texts: Sequence[str], space: Floats, pool: Ints, rules: Rules) -> list[Ints]:
    """Groups of indices into `texts`; equal texts are clustered once and then all brought back."""
    latest = {" ".join(texts[i].casefold().split()): i for i in pool.tolist()}
    usable = [key for key, i in latest.items() if np.any(space[i])][-MOST_TEXTS:]
    if len(usable) < 2:
        groups = dict.fromkeys(usable, 0)
    else:
        model = AgglomerativeClustering(
            None, metric="cosine", linkage="average", distance_threshold=rules.distance
        )
        labels = model.fit_predict(space[[latest[key] for key in usable]])
        groups = dict(zip(usable, labels.tolist(), strict=True))
    members: dict[int, list[int]] = {}
    for i in pool.tolist():
        group = groups.get(" ".join(texts[i].casefold().split()))
        if group is not None:
            members.setdefault(group, []).append(i)
    return [np.array(indices, np.int64) for indices in members.values()]


def _centre(space: Floats) -> Floats:
    mean: Floats = space.mean(0)
    length = float(np.linalg.norm(mean))
    return mean / length if length else mean


def _described(
    texts: Sequence[str],
    background: Sequence[str],
    day: Ints,
    space: Floats,
    members: Ints,
    centre: Floats,
    recent: int,
    earlier: int,
    expected: float,
    p: float,
    rules: Rules,
) -> Emerging:
    inside = set(members.tolist())
    outside = [*background, *(text for i, text in enumerate(texts) if i not in inside)]
    terms = distinctive_terms([texts[i] for i in members], outside)
    likeness = space[members] @ centre
    nearest = _different(texts, members[np.argsort(-likeness, kind="stable")], rules.examples)
    newest = int(members[day[members].argmax()])
    return Emerging(
        members=tuple(members.tolist()),
        recent=recent,
        earlier=earlier,
        expected=expected,
        p=p,
        terms=terms,
        name=proposed_name(terms),
        examples=tuple(dict.fromkeys([*nearest, newest])),
        likeness=float(likeness.mean()),
    )


def _different(texts: Sequence[str], order: Ints, most: int) -> list[int]:
    """The first indices in `order` whose texts differ from one another."""
    seen: dict[str, int] = {}
    for i in order.tolist():
        seen.setdefault(" ".join(texts[i].casefold().split()), i)
    return list(seen.values())[:most]
