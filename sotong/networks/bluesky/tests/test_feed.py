"""Reading a list that behaves as badly as the real one: late items, equal times, page borders, long absences."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from sotong.networks.bluesky import feed

START = datetime(2026, 4, 13, 9, 0, tzinfo=UTC)


def stamp(when):
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class TheirList:
    """Sorted by time, newest first; the next page begins strictly below the time of the last item."""

    def __init__(self, limit=100):
        self.items = []
        self.limit = limit
        self.pages = 0

    def add(self, name, when):
        self.items.append({"uri": name, "cid": "c", "reason": "mention", "indexedAt": stamp(when)})

    def get_page(self, cursor):
        self.pages += 1
        ordered = sorted(self.items, key=lambda each: (each["indexedAt"], each["uri"]), reverse=True)
        below = [each for each in ordered if not cursor or each["indexedAt"] < cursor][: self.limit]
        return below, (below[-1]["indexedAt"] if len(below) == self.limit else "")


class Reader:
    def __init__(self, theirs):
        self.theirs = theirs
        self.cursor = ""
        self.got = []

    def poll(self, now):
        reading = feed.read_back(feed.Position.load(self.cursor), self.theirs.get_page, now=now)
        self.cursor = reading.position.dump()
        times = [each["indexedAt"] for each in reading.items if each["indexedAt"] > "1"]
        assert times == sorted(times), "oldest first"
        self.got += [each["uri"] for each in reading.items]
        return reading

    def catch_up(self, now):
        while self.poll(now).has_more:
            pass


def test_the_first_reading_takes_the_latest_of_a_week_and_the_next_only_what_is_new():
    theirs = TheirList()
    theirs.add("ancient", START - timedelta(days=8))
    theirs.add("recent", START - timedelta(days=1))
    reader = Reader(theirs)
    reader.poll(START)
    assert reader.got == ["recent"]
    theirs.add("new", START + timedelta(minutes=1))
    reader.poll(START + timedelta(minutes=2))
    reader.poll(START + timedelta(minutes=3))
    assert reader.got == ["recent", "new"]


def test_a_list_that_was_empty_at_first_is_read_whole_later():
    theirs = TheirList()
    reader = Reader(theirs)
    reader.poll(START)
    for number in range(350):
        theirs.add(f"{number:03}", START + timedelta(seconds=number))
    reader.catch_up(START + timedelta(minutes=10))
    assert sorted(reader.got) == [f"{number:03}" for number in range(350)]


def test_items_that_share_the_time_of_a_page_border_are_not_lost():
    theirs = TheirList(limit=10)
    theirs.add("first", START - timedelta(hours=1))
    reader = Reader(theirs)
    reader.poll(START)
    for number in range(60):
        theirs.add(f"{number:02}", START + timedelta(milliseconds=number // 4))
    reader.catch_up(START + timedelta(minutes=1))
    assert set(reader.got) == {"first", *(f"{number:02}" for number in range(60))}


def test_a_late_item_within_ten_minutes_comes_at_once_and_an_older_one_within_half_an_hour():
    theirs = TheirList()
    reader = Reader(theirs)
    theirs.add("now", START)
    reader.poll(START)
    theirs.add("a little late", START - timedelta(minutes=9))
    reader.poll(START + timedelta(seconds=15))
    assert reader.got == ["now", "a little late"]
    for number in range(350):
        theirs.add(f"{number:03}", START + timedelta(seconds=number / 2))
    reader.catch_up(START + timedelta(minutes=3))
    theirs.add("very late", START - timedelta(hours=20))
    reader.catch_up(START + timedelta(minutes=5))
    assert "very late" not in reader.got
    reader.catch_up(START + timedelta(minutes=31))
    assert "very late" in reader.got


def test_a_long_absence_is_filled_over_several_calls():
    theirs = TheirList()
    reader = Reader(theirs)
    theirs.add("before", START)
    reader.poll(START)
    count = 100 * feed.PAGES_AT_ONCE * 2 + 37
    for number in range(count):
        theirs.add(f"{number:05}", START + timedelta(seconds=number + 1))
    now = START + timedelta(hours=72)
    assert reader.poll(now).has_more
    reader.catch_up(now)
    assert len(set(reader.got)) == count + 1
    assert len(reader.got) <= count + 5, "only what lies at a border comes twice"


def test_an_idle_poll_costs_one_page():
    theirs = TheirList()
    for number in range(1000):
        theirs.add(f"{number:04}", START + timedelta(minutes=number))
    reader = Reader(theirs)
    now = START + timedelta(minutes=1001)
    reader.poll(now)
    for second in range(1, 5):
        theirs.pages = 0
        assert reader.poll(now + timedelta(seconds=15 * second)).items == []
        assert theirs.pages == 1


@pytest.mark.parametrize("seed", range(20))
def test_nothing_is_ever_skipped(seed):
    """Random bursts, pauses, late items up to 20 hours and equal times: each comes, some twice."""
    rng = random.Random(seed)
    theirs, now = TheirList(limit=rng.choice([15, 30, 100])), START
    reader = Reader(theirs)
    reader.poll(now)
    made = 0
    for _ in range(60):
        now += timedelta(seconds=rng.choice([1, 15, 15, 15, 600, 4000]))
        for _ in range(rng.choice([0, 0, 1, 3, 40])):
            late = rng.choice([0, 0, 0, 0, 30, 500, 70_000])
            theirs.add(f"{made:05}", now - timedelta(seconds=late, milliseconds=rng.randrange(12)))
            made += 1
        if rng.random() < 0.7:
            reader.catch_up(now)
    for _ in range(3):
        now += timedelta(minutes=31)
        reader.catch_up(now)
    assert set(reader.got) == {f"{number:05}" for number in range(made)}


@pytest.mark.parametrize("cursor", ["{", "[]", "17", '{"mark":""}', '{"mark":"x","gap":[1]}', "null", "\x00"])
def test_a_damaged_cursor_reads_from_the_beginning(cursor):
    theirs = TheirList()
    theirs.add("ancient", START - timedelta(days=800))
    reader = Reader(theirs)
    reader.cursor = cursor
    reader.catch_up(START)
    assert reader.got == ["ancient"]


def test_a_cursor_survives_being_stored():
    position = feed.Position(
        mark=START,
        gap_cursor="x",
        gap_until=START,
        seen=("a",),
        watched=(feed.Watched(uri="at://x", misses=1),),
        counts={"k": 3},
        threads_at=START,
    )
    assert feed.Position.load(position.dump()) == position


def test_items_without_a_time_come_too():
    theirs = TheirList()
    theirs.add("good", START)
    theirs.items.append({"uri": "odd", "indexedAt": "0"})
    reader = Reader(theirs)
    reading = reader.poll(START)
    assert {each["uri"] for each in reading.items} == {"good", "odd"}


def test_a_post_is_gone_only_after_two_looks_in_a_row():
    position = feed.watch(feed.Position(mark=START), ["a", "b", "a"])
    assert [each.uri for each in position.watched] == ["a", "b"]
    position, gone = feed.after_look(position, {"a": {}}, now=START)
    assert gone == []
    position, gone = feed.after_look(position, {"a": {}, "b": {}}, now=START)
    assert gone == []
    position, gone = feed.after_look(position, {"a": {}}, now=START)
    assert gone == []
    position, gone = feed.after_look(position, {"a": {}}, now=START)
    assert gone == ["b"]
    assert [each.uri for each in position.watched] == ["a"]


def test_a_hundred_posts_are_watched_the_newest():
    position = feed.watch(feed.Position(), [str(number) for number in range(130)])
    assert [each.uri for each in position.watched] == [str(number) for number in range(30, 130)]
