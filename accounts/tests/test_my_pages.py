"""A person's own account and letters."""

from accounts import letters
from accounts.tests.counting import queries
from accounts.verbs import letters as verbs

KIND = "delegation-revoked"


def test_my_account_shows_what_i_hold_and_how_i_sign_in(as_person, dana, della):
    page = as_person(della).get("/my-account/").content.decode()
    assert "Delegate of Dana Okafor, Neighbourhoods" in page
    assert "contracts up to £5,000,000" in page
    page = as_person(dana).get("/my-account/").content.decode()
    assert "Strategic Director, Neighbourhoods" in page
    assert "Della Marsh, Neighbourhoods" in page
    assert "/account/2fa/" in page


def test_without_a_post_it_says_what_to_do(as_person, nadia):
    assert "Ask an administrator to appoint you" in as_person(nadia).get("/my-account/").content.decode()


def test_everybody_sees_their_own_letters_only(as_person, nadia, lena):
    mine = letters.write(KIND, to=nadia, values={"directorate": "Neighbourhoods"})
    theirs = letters.write(KIND, to=lena, values={"directorate": "Adult Services"})
    client = as_person(nadia)
    page = client.get("/letters/").content.decode()
    assert "Neighbourhoods has been revoked" in page
    assert "Adult Services" not in page
    assert "Hello Nadia" in client.get(f"/letters/{mine.pk}/").content.decode()
    assert client.get(f"/letters/{theirs.pk}/").status_code == 404


def test_an_administrator_does_not_read_letters_of_others(as_person, adam, nadia):
    letter = letters.write(KIND, to=nadia)
    assert as_person(adam).get(f"/letters/{letter.pk}/").status_code == 404


def test_a_secret_link_is_never_shown_on_a_page(as_person, nadia):
    letter = letters.write("password-reset", to=nadia, values={"link": "http://localhost/secret-link"})
    client = as_person(nadia)
    assert "secret-link" not in client.get(f"/letters/{letter.pk}/").content.decode()
    verbs.post_waiting()
    assert "its text is not kept here" in client.get(f"/letters/{letter.pk}/").content.decode()


def test_what_is_written_in_a_letter_is_shown_as_text(as_person, nadia):
    letter = letters.write(KIND, to=nadia, values={"directorate": "<script>alert(1)</script>"})
    page = as_person(nadia).get(f"/letters/{letter.pk}/").content.decode()
    assert "<script>alert(1)" not in page


def test_an_empty_list_says_what_will_be_here(as_person, nadia):
    assert "No letters yet" in as_person(nadia).get("/letters/").content.decode()


def test_more_letters_cost_no_more_queries(as_person, nadia):
    letters.write(KIND, to=nadia)
    client = as_person(nadia)
    few = queries(client, "/letters/")
    for _ in range(30):
        letters.write(KIND, to=nadia)
    assert queries(client, "/letters/") == few
