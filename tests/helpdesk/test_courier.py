import threading
from types import SimpleNamespace

import pytest

from helpdesk import courier
from helpdesk.courier import Courier
from helpdesk.events import News


def news(number):
    return News(
        SimpleNamespace(pk=number, at=None, kind="ticket.opened", about="", ticket_id=number, owes=["x"])
    )


class Listener:
    def __init__(self):
        self.batches, self.gate = [], threading.Event()
        self.gate.set()

    def __call__(self, batch):
        self.gate.wait(5)
        self.batches.append([one.event_id for one in batch])

    @property
    def heard(self):
        return [number for batch in self.batches for number in batch]


@pytest.fixture
def listener():
    return Listener()


def test_everything_is_told_once_and_in_order(listener):
    carry = Courier(listener)
    for number in range(1_000):
        carry(news(number))
    carry.close()
    assert listener.heard == list(range(1_000))


def test_what_comes_together_is_told_together(listener):
    carry = Courier(listener)
    for number in range(10):
        carry(news(number))
    carry.close()
    assert len(listener.batches) < 10


def test_a_batch_stays_small_enough_for_a_message(listener, monkeypatch):
    monkeypatch.setattr(courier, "LARGEST", 7)
    carry = Courier(listener)
    for number in range(30):
        carry(news(number))
    carry.close()
    assert max(map(len, listener.batches)) == 7
    assert listener.heard == list(range(30))


def test_nobody_waits_for_a_slow_broker_and_what_does_not_fit_is_left_to_the_sweep(
    listener, monkeypatch, caplog
):
    monkeypatch.setattr(courier, "ROOM", 5)
    listener.gate.clear()
    carry = Courier(listener)
    for number in range(50):
        carry(news(number))
    listener.gate.set()
    carry.close()
    assert 5 <= len(listener.heard) < 50
    assert "waits for the sweep" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_fault_the_courier_gets_up_again():
    heard = []

    def tell(batch):
        if not heard:
            heard.append("fault")
            raise ValueError("not this one")
        heard.extend(one.event_id for one in batch)

    carry = Courier(tell)
    carry(news(1))
    carry._thread.join(5)
    carry(news(2))
    carry.close()
    assert heard == ["fault", 2]


def test_a_courier_that_never_had_anything_to_do_ends_at_once(listener):
    Courier(listener).close()
    assert listener.batches == []
