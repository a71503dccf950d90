"""Imports go left, news goes right."""

from django.apps import apps

from tests.house.source import POINTS, house, modules


def test_the_kernel_imports_no_point_and_no_configuration():
    wrong = [
        f"{module.at(line)} imports {name}"
        for module in modules("helpdesk")
        for line, name in module.imports()
        if name.split(".")[0] in {"apps", "config", "tests"}
    ]
    assert not wrong, f"The kernel knows nobody. Move the noun down, or answer to an event.\n{wrong}"


def test_points_import_only_points_to_their_left():
    wrong = []
    for module in modules("apps"):
        if module.point is None:
            continue
        for line, name in module.imports():
            other = name.split(".")[1] if name.startswith("apps.") else None
            if other in POINTS and POINTS.index(other) > POINTS.index(module.point):
                wrong.append(f"{module.at(line)} imports {name}")
            if name.split(".")[0] == "config":
                wrong.append(f"{module.at(line)} imports {name}")
    assert not wrong, f"Imports go left, news goes right: record an event, or load a panel by URL.\n{wrong}"


def test_foreign_keys_point_left_and_leave_no_name_on_the_other_side():
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("apps."):
            continue
        own = model._meta.app_label
        for field in model._meta.fields:
            target = field.related_model._meta.app_label if field.is_relation and field.related_model else own
            if target == own or not (target == "helpdesk" or target in POINTS):
                continue
            if target in POINTS and POINTS.index(target) > POINTS.index(own):
                wrong.append(f"{model.__name__}.{field.name} points right, to {target}")
            if not field.remote_field.hidden and "pgh" not in field.name:
                wrong.append(f"{model.__name__}.{field.name} needs related_name='+'")
    assert not wrong, f"A foreign key goes left and leaves no trace there.\n{wrong}"


def test_no_file_is_named_for_what_did_not_fit_elsewhere():
    wrong = [
        module.name
        for module in house()
        if module.path.stem in {"utils", "helpers", "common", "misc", "lib", "base"}
        and module.name != "config/postgres/base.py"  # Django looks for a database under this name
    ]
    assert not wrong, f"Name the file for what it does.\n{wrong}"
