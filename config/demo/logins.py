"""One login for each role of the demo company. The passwords are no secrets: they exist in demo databases only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Login:
    role: str
    name: str
    email: str
    password: str


LOGINS = (
    Login("agent", "Ana Whitlock", "ana@warmfold.example", "demo-agent-1"),
    Login("lead", "Lena Okafor", "lena@warmfold.example", "demo-lead-1"),
    Login("owner", "Omar Hadley", "omar@warmfold.example", "demo-owner-1"),
    Login("analyst", "Priya Sundal", "priya@warmfold.example", "demo-analyst-1"),
    Login("admin", "Jonas Ekberg", "jonas@warmfold.example", "demo-admin-1"),
    Login("customer", "Zoe Marchetti", "zoe@example.com", "demo-customer-1"),
)
