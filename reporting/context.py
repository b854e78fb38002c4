"""What every page knows of the person: the one line of navigation."""


def navigation(request):
    """Return `navigation` for signed-in people, nothing for others."""
    return {}
