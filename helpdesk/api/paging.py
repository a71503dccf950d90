"""Long lists in pages that do not shift when rows are added."""

from typing import Any

from rest_framework import pagination, serializers
from rest_framework.request import Request
from rest_framework.response import Response


class Cursor(pagination.CursorPagination):
    """`{data, next_cursor, has_more}`, 50 rows unless `limit` (at most 200) says otherwise."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    cursor_query_param = "cursor"
    ordering = "-id"

    def get_page_size(self, request: Request) -> int:
        asked = request.query_params.get("limit")
        if asked is None:
            return self.page_size
        if not asked.isdecimal() or len(asked) > 3 or not 1 <= int(asked) <= self.max_page_size:
            raise serializers.ValidationError({"limit": [f"A whole number from 1 to {self.max_page_size}."]})
        return int(asked)

    def get_paginated_response(self, data: Any) -> Response:
        following = self.get_next_link()
        cursor = following.split("cursor=")[1].split("&")[0] if following else None
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        return Response(
            {"data": data, "next_cursor": cursor, "has_more": following is not None}, headers=headers
        )
