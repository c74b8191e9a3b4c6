"""Settings are read from one place, and what is wrong with them is told in two languages."""

from __future__ import annotations

import pytest

from sotong.settings.options import OptionError, load
from sotong.settings.site import _database


def read(data, **environment: str):
    return load({"SOTONG_DATA": str(data), **environment})


def test_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    assert read(tmp_path).port == 8470
    (tmp_path / "sotong.toml").write_text("port = 9000\ndebug = true\n")
    assert read(tmp_path).port == 9000
    assert read(tmp_path).debug
    assert read(tmp_path, SOTONG_PORT="9001").port == 9001


@pytest.mark.parametrize(
    ("written", "english", "korean"),
    [
        ("port = ", "cannot be read", "읽을 수 없어요"),
        ("prot = 1", "unknown settings: prot", "없는 설정이 있어요: prot"),
        ('data = "/srv"', "unknown settings: data", "없는 설정이 있어요: data"),
        ("port = 70000", "SOTONG_PORT (port in sotong.toml)", "1부터 65535까지의 정수"),
        ('undo_seconds = "soon"', "from 0 to 30; sotong.toml says 'soon'", "0부터 30까지의 정수"),
    ],
)
def test_setting_that_cannot_be_used_is_told_in_one_sentence(tmp_path, written, english, korean):
    (tmp_path / "sotong.toml").write_text(written)
    with pytest.raises(OptionError) as caught:
        read(tmp_path)
    assert english in caught.value.english
    assert korean in caught.value.korean


def test_data_folder_that_cannot_be_opened_is_told_in_one_sentence(tmp_path):
    far = tmp_path / ("x" * 300)  # no file system takes such a name, whoever asks
    with pytest.raises(OptionError) as caught:
        read(far / "y")
    assert f"The data folder {far / 'y'} cannot be opened" in caught.value.english
    assert "SOTONG_DATA로 쓸 수 있는 폴더를 정해 주세요" in caught.value.korean


def test_whole_address_of_the_database_reaches_django():
    made = _database("postgresql://so%40tong:pa%2Fss@db.example:5433/talk?sslmode=verify-full&connect_timeout=3")
    assert (made["USER"], made["PASSWORD"], made["NAME"]) == ("so@tong", "pa/ss", "talk")
    assert (made["HOST"], made["PORT"]) == ("db.example", "5433")
    more = made["OPTIONS"]
    assert isinstance(more, dict)
    assert (more["sslmode"], more["connect_timeout"]) == ("verify-full", "3")


def test_socket_of_the_embedded_server_reaches_django():
    made = _database("postgresql://sotong@/sotong?host=%2Frun%2Fa%20b")
    assert (made["USER"], made["NAME"], made["HOST"], made["PORT"]) == ("sotong", "sotong", "/run/a b", "")
