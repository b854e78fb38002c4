"""Throttling of sign-in holds across processes that share only the database's cache."""

import pytest

pytestmark = pytest.mark.worker

MAKE = """
from accounts.models import Person
Person.objects.create_user(
    email='pat@calderbeck.example', full_name='Pat Quill', password='correct horse battery'
)
"""
TRY = """
from django.test import Client
browser = Client()
def sign_in(password):
    page = browser.post('/account/login/', {'login': 'pat@calderbeck.example', 'password': password})
    slow = b'too many failed tries' in page.content
    return 'in' if page.status_code == 302 else 'slow' if slow else 'wrong'
print(*[sign_in(password) for password in %r])
"""


def test_tries_in_one_process_count_in_another(own_database):
    own_database.run(MAKE)
    assert own_database.run(TRY % (["no"] * 3,)) == "wrong wrong wrong"
    assert own_database.run(TRY % (["no"] * 2 + ["correct horse battery"],)) == "wrong wrong slow"


def test_without_failed_tries_the_other_process_lets_in(own_database):
    own_database.run(MAKE)
    assert own_database.run(TRY % (["no"] * 2,)) == "wrong wrong"
    assert own_database.run(TRY % (["correct horse battery"],)) == "in"
