"""The base of the endpoints of quality."""

from helpdesk.api.endpoint import ApiView


class QualityView(ApiView):
    """Reading wants `quality:read`, writing `quality:write`: a token that handles tickets knows nobody's reviews."""

    read_scope = "quality:read"
    write_scope = "quality:write"
