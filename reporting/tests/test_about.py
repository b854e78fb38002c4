"""The pages about the service are open to everybody."""

import pytest


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/accessibility/", ["2.2", "partially compliant", "EHRC", "within 10 working days", "Feedback"]),
        ("/cookies/", ["sessionid", "csrftoken", "messages"]),
        ("/privacy/", ["Counts, not names", "Information Commissioner"]),
    ],
)
def test_they_open_without_signing_in(client, db, path, words):
    page = client.get(path)
    assert page.status_code == 200
    text = page.content.decode()
    for one in words:
        assert one in text


def test_other_pages_ask_to_sign_in(client, db):
    for path in ("/", "/search/", "/contracts/", "/contracts/1/", "/contracts/new/"):
        assert client.get(path).status_code == 302
