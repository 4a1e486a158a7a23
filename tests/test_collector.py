"""The garbage collector has nothing to do here: what is dropped is freed at once, and what is large is not read."""

import gc
import weakref

import pytest

import gradcli
from gradcli.core.collector import MANY, Paused
from gradcli.language.parser import Parser

POINT = {"x": 1.5, "y": 0.25}


@pytest.fixture(autouse=True)
def no_collector():
    gc.collect()
    with Paused():
        yield


def test_a_parser_is_freed_when_it_is_through():
    """Its tokens are more than what it leaves."""
    parser = Parser("u = -x if x > y > 0 else 2x\nnot u", frozenset(), 1000)
    program, gone = parser.parse(), weakref.ref(parser)
    del parser
    assert gone() is None
    assert program.variables == ("x", "y")


@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_function_is_freed_when_it_is_dropped(times):
    """Generated functions, which are made at the second call, do not hold it either."""
    f = gradcli.function("abs(x)*y")
    for _ in range(times):
        f(**POINT)
        f.value_and_grad(**POINT)
        f.evaluate(**POINT)
        f.evaluate_at(POINT)
        f.true_at(POINT)
    gone = weakref.ref(f)
    del f
    assert gone() is None


def oldest(made: object) -> bool:
    """Is an object in the generation that is read least often?"""
    return any(x is made for x in gc.get_objects(generation=2))


@pytest.mark.parametrize(("count", "spared"), [(10, False), (2 * MANY, True)])
def test_many_objects_go_to_the_oldest_generation_unread(count, spared):
    gc.enable()
    with Paused():
        made = [(object(),) for _ in range(count)]
    assert oldest(made[0]) is spared
    assert gc.isenabled()


def test_what_somebody_froze_stays_frozen():
    gc.freeze()
    try:
        gc.enable()
        with Paused():
            made = [(object(),) for _ in range(2 * MANY)]
        assert gc.get_freeze_count() > 0
        del made
    finally:
        gc.unfreeze()
