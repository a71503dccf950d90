"""How the API describes itself."""

from drf_spectacular.openapi import AutoSchema


class Schema(AutoSchema):
    """Every endpoint takes a token, or the session of our own pages; the schemes stand in the settings."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{"token": []}, {"session": []}]
