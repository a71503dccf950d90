"""What comes in: JSON and fields, taken at their word or refused with the reason."""

import json
from typing import Any

from rest_framework import exceptions, parsers, serializers


class StrictJSONParser(parsers.JSONParser):
    """JSON as the standard has it: no NaN, no NUL characters PostgreSQL could not keep, no bottomless nesting."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            parsed = super().parse(stream, media_type, parser_context)
            if "\\u0000" in json.dumps(parsed):
                raise exceptions.ParseError(
                    "The text holds a NUL character (\\u0000). Remove it and send again."
                )
        except RecursionError as error:
            raise exceptions.ParseError("The JSON is nested too deeply.") from error
        return parsed


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
