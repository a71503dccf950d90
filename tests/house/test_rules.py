"""The rules of the code that a machine can keep."""

import ast
import re

from tests.house.source import ROOT, house, modules

# Doors shape input and answer; the time comes in through them.
DOORS = ("views", "api", "tasks", "commands", "subscribers", "middleware", "forms")


def is_door(name: str) -> bool:
    return any(part.removesuffix(".py").startswith(DOORS) for part in name.split("/")[1:])


def is_service(name: str) -> bool:
    return "/services" in name


def test_only_the_event_log_and_the_schedules_tasks_queue_work():
    allowed = {"helpdesk/events.py"}
    wrong = [
        module.at(line)
        for module in house()
        for line, name in module.calls
        if name.endswith((".delay", ".apply_async"))
        and module.name not in allowed
        and module.path.name != "tasks.py"
    ]
    assert not wrong, f"Record an event instead of queueing work: an event can't be lost.\n{wrong}"


def test_nothing_is_wired_by_signals():
    wrong = [
        module.at(line)
        for module in house()
        for line, name in module.imports()
        if name.startswith(("django.dispatch", "django.db.models.signals", "blinker"))
    ]
    assert not wrong, f"What is wired to what stands in config/subscribers.py.\n{wrong}"


def test_the_time_comes_in_through_the_doors():
    clocks = {
        "timezone.now",
        "datetime.now",
        "datetime.utcnow",
        "date.today",
        "timezone.localdate",
        "time.time",
    }
    wrong = [
        f"{module.at(line)} asks {name}"
        for module in modules("helpdesk", "apps")
        if not is_door(module.name)
        for line, name in module.calls
        if name in clocks and module.name not in {"helpdesk/views.py", "helpdesk/api/authentication.py"}
    ]
    assert not wrong, f"Take `at` from the caller, so that a test can set the clock.\n{wrong}"


def test_transactions_stand_on_services():
    allowed = {"helpdesk/events.py", "helpdesk/services.py", "helpdesk/api/endpoint.py"}
    wrong = [
        module.at(node.lineno)
        for module in modules("helpdesk", "apps")
        if not is_service(module.name) and module.name not in allowed
        for node in module.nodes
        if isinstance(node, ast.Attribute) and node.attr == "atomic"
    ]
    assert not wrong, f"`atomic` stands on services and nowhere else.\n{wrong}"


def test_locks_let_foreign_keys_pass():
    wrong = [
        module.at(node.lineno)
        for module in house()
        for node in module.nodes
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith("select_for_update")
        and "no_key" not in {keyword.arg for keyword in node.keywords}
    ]
    assert not wrong, (
        "select_for_update(no_key=True): a full lock blocks every insert that refers to the row, and two of them "
        f"deadlock when they commit.\n{wrong}"
    )


def services():
    """Every service: the functions of a services.py, and those a services package hands out."""
    for module in modules("helpdesk", "apps"):
        if not is_service(module.name):
            continue
        package = module.path.with_name("__init__.py") if module.path.parent.name == "services" else None
        handed_out = package.read_text() if package else ""
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if package is None or f'"{node.name}"' in handed_out:
                yield module, node


def test_services_take_keywords_and_say_their_types():
    wrong = []
    for module, node in services():
        arguments = node.args
        if arguments.args or arguments.posonlyargs:
            wrong.append(f"{module.at(node.lineno)} {node.name} takes positional arguments")
        if node.returns is None or any(a.annotation is None for a in arguments.kwonlyargs):
            wrong.append(f"{module.at(node.lineno)} {node.name} lacks annotations")
        if ast.get_docstring(node) is None:
            wrong.append(f"{module.at(node.lineno)} {node.name} lacks a docstring")
    assert not wrong, f"A service is keyword-only, annotated and says what it does.\n{wrong}"


def test_models_say_what_a_row_is():
    wrong = []
    for module in modules("helpdesk", "apps"):
        if "models" not in module.name:
            continue
        for node in module.nodes:
            is_model = isinstance(node, ast.ClassDef) and any(
                ast.unparse(b) == "models.Model" for b in node.bases
            )
            if is_model and ast.get_docstring(node) is None:
                wrong.append(f"{module.at(node.lineno)} {node.name}")
    assert not wrong, f"The docstring of a model says what the row is in the business.\n{wrong}"


def test_nothing_swallows_every_exception():
    # `each` keeps the fault of one row until the others are done, and raises it then. Whoever has many rows calls it.
    allowed = {"helpdesk/each.py"}
    wrong = []
    for module in house():
        for node in module.nodes:
            if not isinstance(node, ast.ExceptHandler):
                continue
            broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            goes_on = not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
            if broad and goes_on and module.name not in allowed:
                wrong.append(module.at(node.lineno))
    assert not wrong, f"Catch what you can mend, by name; let the rest be seen.\n{wrong}"


def test_many_rows_are_dealt_with_outside_a_transaction():
    wrong = [
        f"{module.at(function.lineno)} {function.name}"
        for module in house()
        for function in module.nodes
        if isinstance(function, ast.FunctionDef)
        and any("atomic" in ast.unparse(decorator) for decorator in function.decorator_list)
        and any(isinstance(node, ast.Name) and node.id == "each" for node in ast.walk(function))
    ]
    assert not wrong, (
        "`each` raises the faults at the end: in a transaction that would undo the rows that went well. "
        f"Put `atomic` on what deals with one row.\n{wrong}"
    )


def test_no_file_is_longer_than_four_hundred_lines():
    wrong = [
        f"{module.name}: {lines}"
        for module in modules("helpdesk", "apps", "config", "tests")
        if (lines := len(module.path.read_text().splitlines())) > 400
    ]
    assert not wrong, f"Split by use case, not by layer.\n{wrong}"


def test_templates_keep_the_content_security_policy():
    inline = re.compile(
        r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:|hx-vals=.js", re.IGNORECASE
    )
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("helpdesk", "apps")
        for path in sorted((ROOT / folder).rglob("templates/**/*.html"))
        if "mail" not in path.parts and not path.stem.endswith("_mail")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if inline.search(line)
    ]
    assert not wrong, f"No inline style or script: use a class, or a module in static/js.\n{wrong}"
