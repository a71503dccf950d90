import resource
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from helpdesk.middleware import RoomForCalls

DEPTHS = range(150)  # more frames than a chunk of 16 KB holds
CALLS = 200


def nested(depth: int, act: Callable[[], HttpResponse]) -> HttpResponse:
    return act() if depth == 0 else nested(depth - 1, act)


def faults(act: Callable[[], object]) -> int:
    """Pages of memory that the system had to fetch anew meanwhile."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    act()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def many_calls(request: HttpRequest) -> HttpResponse:
    for _ in range(CALLS):
        nested(10, HttpResponse)
    return HttpResponse()


def test_a_loop_of_calls_maps_no_memory_anew_however_deep_it_stands():
    request, roomy = HttpRequest(), RoomForCalls(many_calls)
    for depth in DEPTHS:  # once to warm up
        nested(depth, lambda: roomy(request))
    worst = max(faults(lambda depth=depth: nested(depth, lambda: roomy(request))) for depth in DEPTHS)
    assert worst < CALLS / 2
