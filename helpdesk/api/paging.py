"""Long lists in pages that do not shift when rows are added."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from rest_framework import exceptions, pagination, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

Row = TypeVar("Row")


class Cursor(pagination.CursorPagination):
    """`{data, next_cursor, has_more}`, 50 rows unless `limit` (at most 200) says otherwise."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    cursor_query_param = "cursor"
    ordering = "-id"

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self._ordered_by = queryset.model._meta.get_field(self.ordering.removeprefix("-"))
        return super().paginate_queryset(queryset, request, view)

    def decode_cursor(self, request: Request) -> Any:
        """The place to go on from. What no answer of ours has said is refused: the first page instead of the next
        one would let a program that copies it wrongly read the same rows for ever."""
        given = request.query_params.get(self.cursor_query_param)
        if not given:
            return None
        try:
            # REST framework decodes leniently: it would leave out every character that it does not know.
            names = parse_qs(b64decode(given, validate=True).decode("ascii"), keep_blank_values=True).keys()
            cursor = super().decode_cursor(request)
            self._ordered_by.to_python(cursor.position if cursor else None)
        except (ValueError, ValidationError, exceptions.NotFound) as error:
            raise _not_ours() from error
        if not names or names - {"o", "r", "p"}:
            raise _not_ours()
        return cursor

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("limit")
        if asked is None:
            return self.page_size
        if not asked.isdecimal() or len(asked) > 3 or not 1 <= int(asked) <= self.max_page_size:
            raise serializers.ValidationError({"limit": [f"A whole number from 1 to {self.max_page_size}."]})
        return int(asked)

    def get_paginated_response(self, data: Any) -> Response:
        following = self.get_next_link()
        cursor = parse_qs(urlsplit(following).query)["cursor"][0] if following else None
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return Response(
            {"data": data, "next_cursor": cursor, "has_more": following is not None}, headers=headers
        )


class ListCursor:
    """The same for a list that is computed whole: `place` says where a row stands among all, in words that sort and
    that no two share, so that pages do not shift when rows come and go between them."""

    def __init__(self, request: Request) -> None:
        self.request, self.size = request, Cursor().get_page_size(request) or Cursor.page_size

    def answer(
        self, rows: Iterable[Row], *, place: Callable[[Row], str], shown: Callable[[list[Row]], Any]
    ) -> Response:
        after = self._after()
        left = sorted((row for row in rows if place(row) > after), key=place)
        page, more = left[: self.size], len(left) > self.size
        cursor = urlsafe_b64encode(place(page[-1]).encode()).decode() if more else None
        address = replace_query_param(self.request.build_absolute_uri(), "cursor", cursor)
        headers = {"Link": f'<{address}>; rel="next"'} if more else {}
        return Response({"data": shown(page), "next_cursor": cursor, "has_more": more}, headers=headers)

    def _after(self) -> str:
        given = self.request.query_params.get("cursor", "")
        try:
            return b64decode(given, altchars=b"-_", validate=True).decode()
        except ValueError as error:
            raise _not_ours() from error


def _not_ours() -> serializers.ValidationError:
    return serializers.ValidationError({"cursor": ["Copy it whole from `next_cursor` of the page before."]})
