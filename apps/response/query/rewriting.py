"""Values of a key in a question: which there are, and the same question with another. Pure."""

import re

from apps.response.query.reading import KEYED, TOKEN

_PLAIN = re.compile(r'[^\s"(),]+')


def values_in(text: str, key: str) -> set[str]:
    """`tag:vip,loud -tag:gold` names vip, loud and gold."""
    found = (_read(match[0], key) for match in TOKEN.finditer(text))
    return {value for _sign, values in filter(None, found) for value in values}


def with_value(text: str, key: str, old: str, new: str) -> str:
    """The question with one value for another, and every other letter as it was."""
    return TOKEN.sub(lambda match: _token_with(match[0], key, old, new), text)


def _read(token: str, key: str) -> tuple[str, list[str]] | None:
    sign = "-" if token.startswith("-") else ""
    keyed = KEYED.fullmatch(token.removeprefix("-"))
    if keyed is None or keyed[1].lower() != key:
        return None
    raw = keyed[2]
    values = [raw.strip('"')] if raw.startswith('"') else raw.split(",")
    return f"{sign}{keyed[1]}:", [value.strip() for value in values]


def _token_with(token: str, key: str, old: str, new: str) -> str:
    found = _read(token, key)
    if found is None or old not in found[1]:
        return token
    said = list(dict.fromkeys(new if value == old else value for value in found[1]))
    plain = len(said) > 1 or _PLAIN.fullmatch(said[0])
    return found[0] + (",".join(said) if plain else f'"{said[0]}"')
