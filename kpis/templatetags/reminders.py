"""What a return's page shows of its reminders: `{% load reminders %}{% reminder_log monthly_return %}`."""

from django import template

from accounts.calendar import today
from kpis.reminders import permissions
from kpis.reminders.log import reminders_of

register = template.Library()


@register.inclusion_tag("kpis/_reminder_log.html", takes_context=True)
def reminder_log(context, monthly_return):
    """Show which reminders went to whom, and whether they are held back."""
    return {
        "monthly_return": monthly_return,
        "reminders": reminders_of(monthly_return),
        "snooze": monthly_return.snoozes.in_force(today()).select_related("made_by").first(),
        "may_snooze": monthly_return.is_unfinished
        and bool(permissions.may_snooze(context["request"].user, monthly_return)),
    }
