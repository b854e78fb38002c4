"""Administrators' pages about directorates and departments."""

from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import permissions
from accounts.forms.directorates import DepartmentForm, DirectorateForm
from accounts.history import history_of
from accounts.models import Appointment, Department, Directorate
from accounts.requests import SignedInRequest
from accounts.verbs import directorates as verbs
from accounts.verbs.recipe import Invalid, Stale, mark_of, require
from accounts.views.trail import administration, trail

LIST = ("Directorates", "/administration/directorates/")


def directorate_list(request: SignedInRequest):
    """Show directorates, open ones first."""
    require(permissions.may_administer(request.user))
    rows = Directorate.objects.annotate(
        open_departments=Count("departments", filter=Q(departments__is_active=True))
    ).order_by("-is_active", "name")
    context = {"directorates": rows, "trail": trail(administration(), "Directorates")}
    return render(request, "accounts/directorate_list.html", context)


def directorate_page(request: SignedInRequest, slug):
    """Show a directorate: its departments, who holds posts, its history."""
    require(permissions.may_administer(request.user))
    directorate = get_object_or_404(Directorate, slug=slug)
    return render(
        request,
        "accounts/directorate_page.html",
        {
            "directorate": directorate,
            "departments": directorate.departments.order_by("-is_active", "name"),
            "posts": Appointment.objects.in_force()
            .filter(directorate=directorate)
            .select_related("person", "directorate"),
            "named_posts": directorate.posts.with_holders().order_by("-is_active", "title"),
            "history": history_of(directorate)[:100],
            "trail": trail(administration(), LIST, str(directorate)),
        },
    )


def _naming(request: SignedInRequest, form, save, *, heading, button, crumbs, done, mark=None):
    """Show and take a form with a name; `save(**what was given)` returns the directorate to go to."""
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            directorate = save(**form.cleaned_data)
        except Invalid as invalid:
            invalid.put_on(form)
        except Stale as stale:
            if mark is None:
                raise
            status = form.overtaken(stale, mark())
        else:
            messages.success(request, done)
            return redirect("accounts:directorate-page", directorate.slug)
    context = {"form": form, "heading": heading, "button": button, "trail": crumbs}
    return render(request, "accounts/directorate_name.html", context, status=status)


def _page(directorate):
    return (str(directorate), f"/administration/directorates/{directorate.slug}/")


@require_http_methods(["GET", "POST"])
def directorate_add(request: SignedInRequest):
    """Add a directorate."""
    require(permissions.may_administer(request.user))
    return _naming(
        request,
        DirectorateForm(request.POST if request.method == "POST" else None),
        lambda name, seen: verbs.add(by=request.user, name=name),
        heading="Add a directorate",
        button="Add directorate",
        crumbs=trail(administration(), LIST, "Add a directorate"),
        done="The directorate is added.",
    )


@require_http_methods(["GET", "POST"])
def directorate_rename(request: SignedInRequest, slug):
    """Rename a directorate."""
    require(permissions.may_administer(request.user))
    directorate = get_object_or_404(Directorate, slug=slug)

    def mark():
        return mark_of(directorate, "directorates.rename")

    return _naming(
        request,
        DirectorateForm(
            request.POST if request.method == "POST" else None,
            initial={"name": directorate.name, "seen": mark()},
        ),
        lambda **given: verbs.rename(directorate, by=request.user, **given),
        mark=mark,
        heading=f"Rename {directorate}",
        button="Save name",
        crumbs=trail(administration(), LIST, _page(directorate), "Rename"),
        done="The name is saved.",
    )


@require_POST
def directorate_close(request: SignedInRequest, slug):
    """Close a directorate."""
    require(permissions.may_administer(request.user))
    directorate = get_object_or_404(Directorate, slug=slug)
    try:
        verbs.close(directorate, by=request.user)
    except Invalid as invalid:
        messages.error(request, str(invalid))
    else:
        messages.success(request, f"{directorate} is closed.")
    return redirect("accounts:directorate-page", slug)


@require_POST
def directorate_reopen(request: SignedInRequest, slug):
    """Open a closed directorate again."""
    require(permissions.may_administer(request.user))
    directorate = get_object_or_404(Directorate, slug=slug)
    verbs.reopen(directorate, by=request.user)
    messages.success(request, f"{directorate} is open again.")
    return redirect("accounts:directorate-page", slug)


@require_http_methods(["GET", "POST"])
def department_add(request: SignedInRequest, slug):
    """Add a department."""
    require(permissions.may_administer(request.user))
    directorate = get_object_or_404(Directorate, slug=slug)
    return _naming(
        request,
        DepartmentForm(request.POST if request.method == "POST" else None),
        lambda name, seen: verbs.add_department(directorate, by=request.user, name=name).directorate,
        heading=f"Add a department to {directorate}",
        button="Add department",
        crumbs=trail(administration(), LIST, _page(directorate), "Add a department"),
        done="The department is added.",
    )


@require_http_methods(["GET", "POST"])
def department_rename(request: SignedInRequest, pk):
    """Rename a department."""
    require(permissions.may_administer(request.user))
    department = get_object_or_404(Department.objects.select_related("directorate"), pk=pk)

    def mark():
        return mark_of(department.directorate, "departments.rename")

    return _naming(
        request,
        DepartmentForm(
            request.POST if request.method == "POST" else None,
            initial={"name": department.name, "seen": mark()},
        ),
        lambda **given: verbs.rename_department(department, by=request.user, **given).directorate,
        mark=mark,
        heading=f"Rename {department}",
        button="Save name",
        crumbs=trail(administration(), LIST, _page(department.directorate), "Rename a department"),
        done="The name is saved.",
    )


@require_POST
def department_close(request: SignedInRequest, pk):
    """Close a department, or open a closed one."""
    require(permissions.may_administer(request.user))
    department = get_object_or_404(Department.objects.select_related("directorate"), pk=pk)
    department = verbs.close_department(department, by=request.user)
    messages.success(request, f"{department} is {'open again' if department.is_active else 'closed'}.")
    return redirect("accounts:directorate-page", department.directorate.slug)
