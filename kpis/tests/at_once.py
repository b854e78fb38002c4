"""Doing several things at the same moment, for tests of what two people do at once."""

import threading

from django.db import connections


def at_once(*acts):
    """Do the acts at the same moment, each in a thread of its own; return what each came to, in order.

    What an act raises is what it came to.
    """
    outcomes = [None] * len(acts)
    ready = threading.Barrier(len(acts))

    def run(place, act):
        try:
            ready.wait(10)
            outcomes[place] = act()
        except Exception as error:
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def failures_of(outcomes):
    """Return what was raised."""
    return [one for one in outcomes if isinstance(one, Exception)]
