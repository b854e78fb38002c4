"""Writing letters: the words, placeholders, the outbox row."""

import pytest
from django.db import connection, transaction

from accounts import letters
from accounts.models import HistoryRow, Letter, LetterTemplate
from accounts.verbs import letters as verbs
from accounts.verbs.recipe import Invalid, Refused, Stale

KIND = "delegation-given"
VALUES = {"director": "Dana Okafor", "giver": "Dana Okafor", "directorate": "Neighbourhoods"}
HERE = f"/administration/letters/{KIND}/"


def test_a_letter_is_filled_in_and_waits(nadia):
    letter = letters.write(KIND, to=nadia, values=VALUES, contract_number=7)
    assert letter.subject == "Dana Okafor has delegated approvals of Neighbourhoods to you"
    assert letter.body.startswith("Hello Nadia,")
    assert letter.message_id.endswith("@localhost>")
    assert letter.contract_number == 7
    assert list(Letter.objects.waiting()) == [letter]


def test_a_letter_goes_with_the_transaction_it_was_written_in(nadia):
    @transaction.atomic
    def fails():
        letters.write(KIND, to=nadia, values=VALUES)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not Letter.objects.exists()


def test_the_sender_is_woken_once_for_a_run_of_letters(nadia):
    before = len(connection.run_on_commit)
    for _ in range(30):
        letters.write(KIND, to=nadia, values=VALUES)
    assert len(connection.run_on_commit) == before + 1


def test_what_a_person_wrote_is_never_read_as_a_placeholder(nadia):
    letter = letters.write(
        KIND, to=nadia, values={**VALUES, "reference": "$link {{ settings.SECRET_KEY }} {% now 'Y' %}"}
    )
    assert "$link {{ settings.SECRET_KEY }} {% now 'Y' %}" in letter.body


def test_line_breaks_never_reach_the_subject(nadia):
    letter = letters.write(KIND, to=nadia, values={**VALUES, "giver": "Dana\r\nBcc: all@calderbeck.example"})
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject


def test_an_administrator_rewords_with_history(as_person, adam, nadia):
    as_person(adam).post(HERE, {"subject": "News from $director", "body": "Dear $name,\r\n\r\n$$5 and $link"})
    letter = letters.write(KIND, to=nadia, values={**VALUES, "link": "http://localhost/x"})
    assert letter.subject == "News from Dana Okafor"
    assert letter.body == "Dear Nadia,\n\n$5 and http://localhost/x\n"
    row = HistoryRow.objects.of(LetterTemplate.objects.get()).get()
    assert "has delegated approvals" in row.before["Subject"]


@pytest.mark.parametrize(
    ("subject", "body", "sentence"),
    [
        ("Hello", "Dear $nmae", "This letter has no $nmae"),
        ("Hello $boss", "Dear $name", "This letter has no $boss"),
        ("Hello", "It costs $ 5", "A dollar sign must be followed by a placeholder"),
        ("", "Dear $name", "Enter a subject"),
    ],
)
def test_words_that_can_not_work_are_refused_and_kept_on_the_form(as_person, adam, subject, body, sentence):
    page = as_person(adam).post(HERE, {"subject": subject, "body": body}).content.decode()
    assert sentence in page
    assert body in page
    assert not LetterTemplate.objects.exists()


def test_a_preview_saves_nothing(as_person, adam):
    page = (
        as_person(adam)
        .post(HERE, {"subject": "From $director", "body": "Dear $name", "preview": "yes"})
        .content.decode()
    )
    assert "From [director]" in page
    assert "Dear Adam" in page
    assert not LetterTemplate.objects.exists()


def test_a_letter_for_a_link_keeps_its_link(adam):
    with pytest.raises(Invalid, match="Keep \\$link"):
        verbs.reword("invitation", by=adam, subject="Come in", body="Dear $name")
    with pytest.raises(Invalid, match="subjects are kept"):
        verbs.reword("invitation", by=adam, subject="Come in $link", body="Dear $name $link")


def test_the_text_that_came_with_the_service_comes_back(as_person, adam):
    verbs.reword(KIND, by=adam, subject="Mine", body="Mine")
    as_person(adam).post(f"{HERE}restore/")
    assert not LetterTemplate.objects.exists()
    with pytest.raises(Stale):
        verbs.restore_default(KIND, by=adam)


def test_every_kind_has_words_that_work_and_a_page(as_person, adam):
    client = as_person(adam)
    listed = client.get("/administration/letters/").content.decode()
    for kind in letters.KINDS.values():
        verbs.check_words(kind.kind, subject=kind.subject, body=kind.body)
        assert f"/administration/letters/{kind.kind}/" in listed
        assert client.get(f"/administration/letters/{kind.kind}/").status_code == 200
    assert client.get("/administration/letters/no-such-letter/").status_code == 404


@pytest.mark.parametrize("who", ["lena", "dana", "nadia"])
def test_only_administrators_change_words(cast, as_person, who):
    with pytest.raises(Refused):
        verbs.reword(KIND, by=cast[who], subject="Mine", body="Mine")
    assert as_person(cast[who]).get("/administration/letters/").status_code == 403
    assert as_person(cast[who]).get(HERE).status_code == 403
