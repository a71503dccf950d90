"""What comes in: JSON and fields, taken at their word or refused with the reason."""

from typing import Any

from rest_framework import exceptions, parsers, serializers

MAX_LEVELS = 64


class StrictJSONParser(parsers.JSONParser):
    """JSON as the standard has it: no NaN, no bottomless nesting, no text that PostgreSQL could not keep (NUL, half a
    character)."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            parsed = super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise TooDeep from error
        _check(parsed)
        return parsed


class TooDeep(exceptions.ParseError):
    default_detail = f"The JSON is nested too deeply: at most {MAX_LEVELS} levels."


def _check(value: Any, pointer: str = "", level: int = 0) -> None:
    if level > MAX_LEVELS:
        raise TooDeep
    match value:
        case str():
            _check_text(value, pointer)
        case list():
            for place, inner in enumerate(value):
                _check(inner, f"{pointer}/{place}", level + 1)
        case dict():
            for name, inner in value.items():
                _check_text(name, pointer)
                _check(inner, f"{pointer}/{name}", level + 1)


def _check_text(text: str, pointer: str) -> None:
    if "\0" in text:
        raise exceptions.ParseError("The text holds a NUL character (\\u0000). Remove it and send again.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        reason = serializers.ErrorDetail(
            "Holds half a character (a lone surrogate).", "surrogate_characters_not_allowed"
        )
        raise serializers.ValidationError({pointer.lstrip("/"): [reason]}) from error


class StrictSerializer(serializers.Serializer):
    """A serializer that refuses fields it does not know, so that a typing error is not silently lost."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            known = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            raise serializers.ValidationError(
                {
                    name: [serializers.ErrorDetail(f"Unknown field. Known: {known}.", "unknown")]
                    for name in unknown
                }
            )
        return super().to_internal_value(data)


def taken(serializer: serializers.Serializer) -> dict[str, Any]:
    """What was sent, in the shape the serializer gives it. Raises ValidationError."""
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
