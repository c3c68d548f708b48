"""What must not be kept has no place to be kept in: no field, no column of the import."""

import pytest
from django.apps import apps

from hoctap.desk.people import forms
from hoctap.kernel.vietnamese import fold
from hoctap.orgs.people_sheets import HEADERS

NEVER = (
    "cccd", "cmnd", "citizen", "identity_number", "id_number", "passport", "ethnic", "religion", "dan_toc", "ton_giao",
    "dan toc", "ton giao", "can cuoc", "ho chieu",
)  # fmt: skip


def test_no_table_has_a_column_for_it():
    columns = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("hoctap.")
        for field in model._meta.get_fields()
    ]
    assert len(columns) > 300
    assert [name for name in columns if any(word in name.lower() for word in NEVER)] == []


def test_a_person_is_these_few_things():
    fields = {field.name for field in apps.get_model("people.Person")._meta.concrete_fields}
    assert fields == {
        "id", "full_name", "name_folded", "sort_key", "birth_year", "contact", "guardian_name", "guardian_contact",
        "user", "merged_into", "erased_at", "made_at",
    }  # fmt: skip


@pytest.mark.parametrize("form", [forms.PersonForm, forms.EnterForm, forms.JoinForm])
def test_no_form_asks_for_it(form):
    asked = [fold(f"{name} {field.label}") for name, field in form.base_fields.items()]
    assert asked and [text for text in asked if any(word in text for word in NEVER)] == []


def test_the_import_has_no_column_for_it():
    assert [title for title in HEADERS if any(word in fold(title) for word in NEVER)] == []
