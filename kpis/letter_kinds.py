"""The letters this floor writes; a council may change their words, not what they are for."""

from accounts.letters import letter_kind

# --- KPI sets: proposals and approvals ---------------------------------------------------------------

letter_kind(
    "set-waiting",
    purpose="A KPI set waits for your decision",
    subject="For your decision: $set of $contract",
    body="""Hello $name,

$proposer has sent $set of $contract for approval. It would take effect from $month.

$differences

Note: $note

$authority

Read it, then approve or return it:
$link
""",
    placeholders=(
        "contract",
        "set",
        "set_number",
        "month",
        "link",
        "proposer",
        "differences",
        "note",
        "authority",
    ),
)

letter_kind(
    "set-without-decider",
    purpose="A KPI set waits, and nobody can decide it",
    subject="Nobody can decide $set of $contract",
    body="""Hello $name,

$proposer has sent $set of $contract for approval, but nobody in $directorate can decide it:
there is no $director, deputy or delegate in post who had no hand in the set.

Ask an administrator to record who holds the post, then the set can be decided:
$link
""",
    placeholders=(
        "contract",
        "set",
        "set_number",
        "month",
        "link",
        "proposer",
        "differences",
        "note",
        "directorate",
        "director",
    ),
)

letter_kind(
    "set-taken-back",
    purpose="A KPI set was taken back before it was decided",
    subject="No decision needed: $set of $contract",
    body="""Hello $name,

$who has taken back $set of $contract. There is nothing for you to decide now.

Reason: $note

$link
""",
    placeholders=("contract", "set", "set_number", "month", "link", "who", "note"),
)

letter_kind(
    "set-approved",
    purpose="A KPI set was approved",
    subject="Approved: $set of $contract",
    body="""Hello $name,

$decider approved $set of $contract on $when. It is in force from $month.

Note: $note

The set: $link
The approval record: $record
""",
    placeholders=("contract", "set", "set_number", "month", "link", "record", "decider", "when", "note"),
)

letter_kind(
    "set-approved-in-part",
    purpose="A joint contract's KPI set was approved by one directorate and waits for another",
    subject="Approved for $directorates: $set of $contract",
    body="""Hello $name,

$decider approved $set of $contract for $directorates on $when.

It waits $waiting. It takes effect once every directorate of the contract has approved it.

Note: $note

The set: $link
""",
    placeholders=(
        "contract",
        "set",
        "set_number",
        "month",
        "link",
        "record",
        "decider",
        "when",
        "note",
        "directorates",
        "waiting",
    ),
)

letter_kind(
    "set-approved-in-your-name",
    purpose="A KPI set was approved in your name, under your delegation",
    subject="Approved in your name: $set of $contract",
    body="""Hello $name,

$decider approved $set of $contract on $when, under the delegation you gave. It is in force
from $month.

Note: $note

The approval record: $record
""",
    placeholders=("contract", "set", "set_number", "month", "link", "record", "decider", "when", "note"),
)

letter_kind(
    "set-returned",
    purpose="A KPI set was returned with reasons",
    subject="Returned: $set of $contract",
    body="""Hello $name,

$decider returned $set of $contract on $when.

$reasons

Note: $note

Change it and send it again:
$link
""",
    placeholders=(
        "contract",
        "set",
        "set_number",
        "month",
        "link",
        "record",
        "decider",
        "when",
        "note",
        "reasons",
    ),
)

letter_kind(
    "set-question",
    purpose="To proposer, manager and commissioner: a question about a KPI set waits for their answer",
    subject="A question about $set of $contract",
    body="""Hello $name,

$asker asked on $when about $set of $contract, before it is decided.

About: $about

$question

The set waits for this answer. Nothing in it changes by answering. Answer here:
$link
""",
    placeholders=("contract", "set", "about", "question", "asker", "when", "link"),
)

letter_kind(
    "set-question-waits",
    purpose="To those who can decide a KPI set: a question about it waits for an answer",
    subject="A question was asked about $set of $contract",
    body="""Hello $name,

$asker asked on $when about $set of $contract, which waits for your decision.

About: $about

$question

The proposers were asked to answer. You can wait for the answer, return the set, or approve it with a reason
why you did not wait:
$link
""",
    placeholders=("contract", "set", "about", "question", "asker", "when", "link"),
)

letter_kind(
    "set-question-answered",
    purpose="To whoever asked and those who can decide: a question about a KPI set is answered",
    subject="Answered: a question about $set of $contract",
    body="""Hello $name,

$asker asked on $when about $set of $contract.

About: $about

$question

$who answered:

$answer

Read the set:
$link
""",
    placeholders=("contract", "set", "about", "question", "asker", "when", "who", "answer", "link"),
)

letter_kind(
    "set-question-passed-over",
    purpose="To whoever asked: a KPI set was approved before their question was answered",
    subject="Approved before your question was answered: $set of $contract",
    body="""Hello $name,

$who approved $set of $contract before your question was answered.

About: $about

$question

Reason for not waiting: $reason

$link
""",
    placeholders=("contract", "set", "about", "question", "asker", "when", "who", "reason", "link"),
)

letter_kind(
    "set-question-withdrawn",
    purpose="A question about a KPI set needs no answer any more",
    subject="No answer needed: a question about $set of $contract",
    body="""Hello $name,

$who has withdrawn a question about $set of $contract. It needs no answer now.

About: $about

$question

Reason: $note

$link
""",
    placeholders=("contract", "set", "about", "question", "asker", "when", "who", "note", "link"),
)

letter_kind(
    "reminder-digest",
    purpose="Reminders: what waits for somebody, in one letter",
    subject="Waiting for you: $about",
    body="""Hello $name,

This waits for you:

$lines

You will hear no more of each as soon as it is done.
$site
""",
    placeholders=("about", "lines"),
)

# --- KPIs adopted as signed --------------------------------------------------------------------------

letter_kind(
    "adoption-waiting",
    purpose="To director and delegates: KPIs of signed contracts wait to be confirmed, one letter a batch",
    subject="For your confirmation: KPIs of $contracts as signed",
    body="""Hello $name,

$by has brought in the KPIs that contracts of $directorate were signed with, from $file: $contracts, $kpis,
$results.

Look at them, then confirm them as a whole, or return them:
$link
""",
    placeholders=("directorate", "contracts", "kpis", "results", "file", "by", "link"),
)

letter_kind(
    "adoption-without-decider",
    purpose="To whoever uploaded it: nobody can confirm a directorate's part of a batch",
    subject="Nobody can confirm the KPIs of $directorate as signed",
    body="""Hello $name,

You brought in the KPIs that contracts of $directorate were signed with, from $file: $contracts, $kpis. Nobody
in $directorate can confirm them: no director, deputy or delegate is in post who had no hand in it.

Ask an administrator to record who holds the post, then it can be confirmed:
$link
""",
    placeholders=("directorate", "contracts", "kpis", "results", "file", "by", "link"),
)

letter_kind(
    "adoption-decided",
    purpose="To whoever uploaded it: a directorate's part of a batch was confirmed or returned",
    subject="KPIs of $directorate as signed: decided",
    body="""Hello $name,

$who has looked at the KPIs of $directorate that came in from $file and $outcome.

$link
""",
    placeholders=("directorate", "file", "who", "outcome", "link"),
)

# --- Monthly returns -------------------------------------------------------------------------------
letter_kind(
    "return-sent-back",
    purpose="To the contract manager and deputies: a monthly return was sent back with a reason.",
    subject="$contract: the $month return was sent back",
    body="""Hello $name,

$by has sent back the $month return for $contract:

$reason

Please put this right and submit the return again by $due:
$link

$service, $council
""",
    placeholders=("contract", "month", "by", "reason", "due", "link"),
)
letter_kind(
    "return-reopened",
    purpose="To the contract manager and deputies: a checked return was reopened for correction.",
    subject="$contract: the $month return is open again for correction",
    body="""Hello $name,

$by has reopened the $month return for $contract so that it can be corrected:

$reason

The figures reported before stand until you submit the return again. Please do so by $due:
$link

$service, $council
""",
    placeholders=("contract", "month", "by", "reason", "due", "link"),
)
