import pytest
from django.core.exceptions import ValidationError

from helpdesk.numbers import Amount, Number, WholeNumber


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (WholeNumber(), "twelve", "Write a whole number in digits, like 12."),
        (WholeNumber(min_value=3), "2", "Give 3 or more."),
        (WholeNumber(max_value=3), "4", "Give 3 or less."),
        (Number(), "much", "Write a number in digits, like 12 or 2.5."),
        (Amount(), "a lot", "Write an amount in digits, like 12 or 24.90."),
        (Amount(max_digits=5, decimal_places=2), "1.234", "Write 2 digits or fewer after the point."),
    ],
)
def test_a_mistaken_number_is_told_how_it_is_written(field, typed, said):
    with pytest.raises(ValidationError) as mistake:
        field.clean(typed)
    assert mistake.value.messages == [said]
