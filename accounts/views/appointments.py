"""Pages by which a person is given a post, and a post ends."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions
from accounts.forms.people import AppointmentEndForm, AppointmentForm
from accounts.models import Appointment, Person
from accounts.requests import SignedInRequest
from accounts.verbs import appointments as verbs
from accounts.verbs.recipe import Invalid, require
from accounts.views.trail import administration, people, person_crumb, trail


@require_http_methods(["GET", "POST"])
def appointment_add(request: SignedInRequest, pk):
    """Give a person a post."""
    person = get_object_or_404(Person, pk=pk)
    require(permissions.may_appoint(request.user, person))
    form = AppointmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            appointment = verbs.add(person, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            messages.success(request, f"{person} is appointed as {appointment.title}.")
            return redirect("accounts:person-page", person.pk)
    crumbs = trail(administration(), people(), person_crumb(person), "Appoint")
    return render(request, "accounts/appointment_add.html", {"form": form, "person": person, "trail": crumbs})


@require_http_methods(["GET", "POST"])
def appointment_end(request: SignedInRequest, pk):
    """Set the last day of a post."""
    appointment = get_object_or_404(Appointment.objects.select_related("person", "directorate"), pk=pk)
    person = appointment.person
    require(permissions.may_appoint(request.user, person))
    form = AppointmentEndForm(
        request.POST if request.method == "POST" else None, initial={"ends_on": appointment.ends_on}
    )
    if request.method == "POST" and form.is_valid():
        try:
            verbs.end(appointment, by=request.user, **form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        else:
            messages.success(request, f"The last day of {appointment.title} is set.")
            return redirect("accounts:person-page", person.pk)
    crumbs = trail(administration(), people(), person_crumb(person), "End a post")
    context = {"form": form, "appointment": appointment, "person": person, "trail": crumbs}
    return render(request, "accounts/appointment_end.html", context)


@require_POST
def appointment_cancel(request: SignedInRequest, pk):
    """Take back a post that begins today or later."""
    appointment = get_object_or_404(Appointment.objects.select_related("person", "directorate"), pk=pk)
    require(permissions.may_appoint(request.user, appointment.person))
    try:
        verbs.cancel(appointment, by=request.user)
    except Invalid as invalid:
        messages.error(request, str(invalid))
    else:
        messages.success(request, f"{appointment.title} was taken back.")
    return redirect("accounts:person-page", appointment.person_id)
