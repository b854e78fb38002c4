"""The steps every council begins with; each may be moved, reworded or switched off."""

# key, subject, working days (None = when it opens), audience, line
FIRST_STEPS = (
    (
        "return-opens",
        "return",
        None,
        "manager",
        "$title: the return for $month is open, due on $due.",
    ),
    (
        "return-due-soon",
        "return",
        -3,
        "manager",
        "$title: please send the return for $month, due on $due.",
    ),
    (
        "return-overdue",
        "return",
        2,
        "manager",
        "$title: the return for $month was due on $due. Please send it now, or say what you are waiting for.",
    ),
    (
        "return-overdue-copy",
        "return",
        5,
        "manager_commissioner",
        "$title: the return for $month was due on $due and is $late late. Contract manager: $manager.",
    ),
    (
        "return-overdue-director",
        "return",
        10,
        "director_digest",
        "$title: the return for $month was due on $due and is $late late. Contract manager: $manager.",
    ),
    (
        "approval-waiting",
        "approval",
        3,
        "deciders",
        "$title: $set has been waiting for a decision since $since.",
    ),
    (
        "approval-waiting-long",
        "approval",
        7,
        "deciders",
        "$title: $set has been waiting for a decision since $since, $late now. "
        "Please approve it or return it with reasons.",
    ),
)

BREAK_POINT_STEPS = (
    (
        "break-point-ahead",
        "break_point",
        -60,
        "manager_commissioner",
        "$title: $kind on $date. The last day to act is $notice ($left). What could be asked for: $ask",
    ),
    (
        "break-point-soon",
        "break_point",
        -20,
        "manager_commissioner",
        "$title: $kind on $date. The last day to act is $notice ($left). Ask now, and record what came of "
        "it. What could be asked for: $ask",
    ),
)
EXCEPTION_STEPS = (
    (
        "exception-review-ahead",
        "exception",
        -20,
        "manager_commissioner",
        "$title: exception $number from social value KPIs is to be reviewed on $date. Propose KPIs, or the "
        "exception again.",
    ),
    (
        "exception-review-soon",
        "exception",
        -5,
        "manager_commissioner",
        "$title: exception $number from social value KPIs is to be reviewed on $date. Propose KPIs, or the "
        "exception again, so that it can be decided in time.",
    ),
    (
        "exception-review-due",
        "exception",
        0,
        "manager_commissioner",
        "$title: exception $number from social value KPIs is to be reviewed by $date. After that the "
        "contract counts as a gap.",
    ),
    (
        "exception-review-late",
        "exception",
        10,
        "director_digest",
        "$title: exception $number from social value KPIs was to be reviewed on $date, $late ago. "
        "Contract manager: $manager.",
    ),
)
DEFAULT_STEPS = (*FIRST_STEPS, *BREAK_POINT_STEPS, *EXCEPTION_STEPS)


def load(step_model=None, steps=DEFAULT_STEPS):
    """Add the steps that are missing and leave the others as the council has them."""
    if step_model is None:
        from kpis.reminders.models import ReminderStep as step_model
    for position, (key, subject, days, audience, line) in enumerate(steps, start=1):
        step_model.objects.get_or_create(
            key=key,
            defaults={
                "subject": subject,
                "days": days,
                "audience": audience,
                "line": line,
                "position": position,
            },
        )
