"""Every table and column that may hold a customer's words says what becomes of them when the customer is erased."""

from django.apps import apps

from config.privacy import CODES, PERSONAL, PLAIN

NOUNS = {"Ticket", "Message", "Note", "Customer", "Survey", "Delivery", "Review", "Attachment"}
TEXTS = {"CharField", "TextField", "EmailField", "JSONField", "BinaryField", "ArrayField", "FileField"}
OF_THE_ERASURE = {"output.CustomerExport", "output.Erasure"}


def words_of(model) -> set[str]:
    return {
        field.name
        for field in model._meta.concrete_fields
        if field.get_internal_type() in TEXTS and not field.choices and not field.is_relation
    }


def test_every_table_that_refers_to_a_person_says_what_becomes_of_its_words():
    unsaid = []
    for model in apps.get_models():
        label = model._meta.label
        refers = any(f.is_relation and f.related_model.__name__ in NOUNS for f in model._meta.concrete_fields)
        if not refers or label in PLAIN or label in OF_THE_ERASURE or not (words := words_of(model)):
            continue
        how = PERSONAL.get(label)
        if how is None:
            unsaid.append(label)
        elif not how.goes:
            unsaid += [f"{label}.{name}" for name in words - set(how.words) - CODES.get(label, set())]
    assert not unsaid, f"Say in config/privacy.py what becomes of them when a customer is erased: {unsaid}"
