"""How the API describes itself."""

from drf_spectacular.openapi import AutoSchema

from helpdesk.api.endpoint import scope_of


class Schema(AutoSchema):
    """Every endpoint takes a token with its scope, or the session of our own pages; see the settings."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        return [{"token": [scope_of(self.view, self.method)]}, {"session": []}]
