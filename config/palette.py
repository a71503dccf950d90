"""Who answers in the palette (Ctrl+K), in order: each point finds its own nouns by name. `helpdesk/palette.py` asks."""

SOURCES = (
    "apps.response.queries.go_to.tickets",
    "apps.response.queries.go_to.views",
    "apps.output.customers.go_to.customers",
    "apps.output.articles.go_to.articles",
    "apps.output.articles.go_to.new_article",
    "apps.analysis.queries.go_to.cases",
    "apps.analysis.queries.go_to.issues",
    "helpdesk.palette.sections",
)
