"""The letters this floor writes; a council may change their words, not what they are for."""

from accounts.letters import letter_kind

letter_kind(
    "invitation",
    purpose="Invitation to use the service",
    subject="You are invited to $service",
    body="""Hello $name,

$inviter has invited you to $service at $council.

Choose a password here to begin:
$link

The link works once, until $until. If it has run out, ask $inviter for a new one.
""",
    placeholders=("inviter", "link", "until"),
    is_secret=True,
)

letter_kind(
    "password-reset",
    purpose="Link to choose a new password",
    subject="Choose a new password for $service",
    body="""Hello $name,

Somebody asked for a new password for your account in $service.

Choose one here:
$link

If it wasn't you, do nothing: your password stays as it is.
""",
    placeholders=("link",),
    is_secret=True,
)

letter_kind(
    "account-changed",
    purpose="Notice that how a person signs in has changed",
    subject="A change to how you sign in to $service",
    body="""Hello $name,

$change on $when.

If it wasn't you, choose a new password at once and tell an administrator:
$link
""",
    placeholders=("change", "when", "link"),
)

letter_kind(
    "delegation-given",
    purpose="A delegation was given to a person, or to a post they hold",
    subject="$giver has delegated approvals of $directorate to you",
    body="""Hello $name,

$giver has delegated the approval of KPI sets of $directorate to $whom.

Reference in the scheme of delegation: $reference
For contracts up to: $limit
From: $from
To: $to

You act in the name of $director, and your decisions are recorded so. See your delegations:
$link
""",
    placeholders=("director", "giver", "whom", "directorate", "reference", "limit", "from", "to", "link"),
)

letter_kind(
    "delegation-revoked",
    purpose="A delegation was revoked",
    subject="Your delegation for $directorate has been revoked",
    body="""Hello $name,

$director has revoked the delegation of $directorate to $whom ($reference). You can no longer approve in
the name of its Strategic Director under it.

See your delegations:
$link
""",
    placeholders=("director", "giver", "whom", "directorate", "reference", "limit", "from", "to", "link"),
)
