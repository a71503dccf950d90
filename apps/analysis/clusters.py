"""Issues nobody has a code for yet: growing clusters among tickets that fit no code.

1. *Fit*: a text fits the taxonomy when it is about as close to its five nearest coded texts as coded texts
   are to one another (60 % of them); the others, and those coded "no fitting code", are looked at. At 80 % a new
   issue that is near to a known one is overlooked: a quarter of them, on the generator of the benchmark.
2. *Cluster*: the last 35 days, equal texts taken once, average linkage on cosine distance. An encoder's vectors
   lie in a narrow cone, all somewhat like each other: their common mean is taken off first.
3. *Growth*: at least five tickets in the last seven days, and more than the 28 days before would explain
   (negative binomial; `Rules.p`). A cluster close to one that was already announced is not announced again.
4. *Words*: terms that set the cluster apart from all other texts (`terms`), a proposed name made of them, and the
   texts nearest the centre and the newest as examples.

Texts become vectors by TF-IDF over words, word pairs and letter groups, unless the caller brings vectors of
its own (a sentence encoder's are better: pass them with the rules `BY_MEANING`). Limits: short texts in many
languages at once separate by language first; boilerplate and signatures must have been stripped; at most
`MOST_TEXTS` different texts, drawn evenly, are clustered, because the work grows with their square; each of the
others joins the cluster to which its mean distance is least, if it is within the clusters' own bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import hstack
from sklearn.cluster import AgglomerativeClustering
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from apps.analysis.series import Bools, Floats, Ints
from apps.analysis.tails import at_least
from apps.analysis.terms import distinctive_terms
from helpdesk.sentences import Number, Words, in_a_row, said

MOST_TEXTS = 2500
_TOPICS, _FEWEST = 100, 8  # dimensions kept of TF-IDF: few enough that paraphrases meet
_TEXTS_A_TOPIC = 20
_MANY = 500  # from so many texts on, what only one of them says is of no use
_NEIGHBOURS = 5
_DISPERSION = 1.3


@dataclass(frozen=True)
class Rules:
    """When a cluster is announced; spans in days, distance and likeness in cosine."""

    distance: float = 0.65
    recent: int = 7
    history: int = 28
    least_recent: int = 5
    p: float = 1e-4
    same_as_known: float = 0.75
    examples: int = 3
    centred: bool = False


BY_WORDS = Rules()  # for the TF-IDF vectors made here, between which even paraphrases are far apart
# For a sentence encoder's vectors: what they put together belongs together, so less proof of growth will do. On the
# benchmark's streams issues are known a day sooner than at 1e-4, for one false group more in half a year.
BY_MEANING = Rules(distance=0.65, p=3e-4, centred=True)


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
    """Unit vectors (n, d) of texts by TF-IDF (words and pairs, groups of four letters), reduced to
    a topic for twenty texts, a hundred at most.

    Vectors of one call are comparable with each other only, so pass all texts that will be compared at once.
    """
    if not texts:
        return np.zeros((0, 1))
    least = 2 if len(texts) >= _MANY else 1
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, stop_words="english", min_df=least)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(4, 4), sublinear_tf=True, min_df=least)
    parts = []
    for vectoriser, weight in ((words, 1.0), (letters, 0.7)):
        try:
            parts.append(vectoriser.fit_transform(texts) * weight)
        except ValueError:
            continue  # "empty vocabulary": none of the texts has a word left of this kind
    if not parts:
        return np.zeros((len(texts), 1))
    table = hstack(parts).tocsr()
    topics = min(_TOPICS, max(_FEWEST, len(texts) // _TEXTS_A_TOPIC), min(table.shape) - 1)
    if topics < 2:
        return np.asarray(normalize(table).toarray(), np.float64)
    reduced = TruncatedSVD(topics, random_state=0).fit_transform(table)
    return np.asarray(normalize(reduced), np.float64)


def fits_no_code(texts: Floats, coded: Floats, *, share: float = 0.6) -> Bools:
    """Which texts (n, d) lie farther from their five nearest coded texts (m, d) than `share` of coded ones
    do.

    With fewer than ten coded texts nothing is known yet, and every text fits no code.
    """
    if len(coded) < 2 * _NEIGHBOURS:
        return np.ones(len(texts), np.bool_)
    inside = _nearness(coded, coded, skip_self=True)
    return _nearness(texts, coded) < np.quantile(inside, 1 - share)


def centred(vectors: Floats, mean: Floats) -> Floats:
    """Unit vectors (n, d) without what all have in common; rows of zeros stay so."""
    said: Bools = (vectors != 0).any(1)
    apart = np.where(said[:, None], vectors - mean, 0.0)
    return np.asarray(normalize(apart), np.float64)


def find_emerging(
    texts: Sequence[str],
    days: npt.ArrayLike,
    *,
    today: int,
    vectors: Floats | None = None,
    background: Sequence[str] = (),
    known: Sequence[Sequence[int]] = (),
    known_centres: Sequence[Floats] = (),
    around: Floats | None = None,
    rules: Rules = BY_WORDS,
) -> tuple[Emerging, ...]:
    """Clusters among uncoded `texts` that grow, the fastest first.

    `days` (n,) day number of each text, `today` the last complete one; `vectors` (n, d) unit vectors when an
    encoder made them; `background` other texts of the department, for the terms; `known` lists of text
    indices of clusters that were announced before (texts of the last 35 days that were shown with them), or
    `known_centres` their centres (d,) in the space of `vectors`. `around` is the mean vector (d,) of the department's
    texts, which centred rules take off; that of `vectors` where it is not given.
    """
    day = np.asarray(days, np.int64)
    if len(day) != len(texts):
        raise ValueError("texts and days differ in length")
    pool = np.flatnonzero((day > today - rules.recent - rules.history) & (day <= today))
    if len(pool) < rules.least_recent:
        return ()
    space = vectors_of(texts) if vectors is None else vectors
    old = [_centre(space[list(members)]) for members in known if len(members)]
    if rules.centred:
        mean = space.mean(0) if around is None else around
        space, old = centred(space, mean), [centred(one[None], mean)[0] for one in (*old, *known_centres)]
    else:
        old += known_centres
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


def proposed_name(terms: Sequence[str], most: int = 2) -> str:
    """A working title out of the strongest terms: pairs first, no word twice; a person will rename it."""
    chosen: list[str] = []
    for term in sorted(terms[:4], key=lambda term: -len(term.split())):
        used = {word for one in chosen for word in one.split()}
        if len(chosen) < most and not used & set(term.split()):
            chosen.append(term)
    return ", ".join(chosen).capitalize()


def sentence(cluster: Emerging) -> Words:
    """One plain sentence: how many, against how many, and about what."""
    return said(
        "%(recent)s tickets in the last week that fit no code speak of %(words)s; the four weeks before lead one to "
        "expect %(expected)s.",
        recent=int(cluster.recent),
        words=in_a_row([said("“%(term)s”", term=term) for term in cluster.terms[:3]], ", "),
        expected=Number(cluster.expected, digits=1),
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
    same: dict[str, list[int]] = {}
    for i in pool.tolist():
        if np.any(space[i]):
            same.setdefault(_plain(texts[i]), []).append(i)
    different = np.array([indices[0] for indices in same.values()], np.int64)
    labels = _labels(space[different], rules)
    members: dict[int, list[int]] = {}
    for label, indices in zip(labels.tolist(), same.values(), strict=True):
        members.setdefault(label, []).extend(indices)
    return [np.array(sorted(indices), np.int64) for label, indices in members.items() if label >= 0]


def _labels(space: Floats, rules: Rules) -> Ints:
    """The cluster (n,) of each text; -1 for one that was not drawn and lies in none."""
    labels = np.full(len(space), -1, np.int64)
    drawn = np.arange(len(space))
    if len(space) > MOST_TEXTS:
        drawn = np.linspace(0, len(space) - 1, MOST_TEXTS).astype(np.int64)
    if len(drawn) < 2:
        labels[drawn] = 0
        return labels
    model = AgglomerativeClustering(
        None, metric="cosine", linkage="average", distance_threshold=rules.distance
    )
    labels[drawn] = model.fit_predict(space[drawn])
    rest = np.flatnonzero(labels < 0)
    if rest.size:
        sums = np.zeros((labels.max() + 1, space.shape[1]))
        np.add.at(sums, labels[drawn], space[drawn])
        means = sums / np.bincount(labels[drawn])[:, None]
        # The mean cosine with a cluster's texts is the product with their mean: average linkage again.
        nearness = space[rest] @ means.T
        labels[rest] = np.where(nearness.max(1) >= 1 - rules.distance, nearness.argmax(1), -1)
    return labels


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def centre_of(vectors: Floats, mean: Floats | None = None) -> Floats:
    """The direction (d,) in which these texts lie, without what all texts have in common."""
    return _centre(vectors if mean is None else centred(vectors, mean))


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
        seen.setdefault(_plain(texts[i]), i)
    return list(seen.values())[:most]
