# SPDX-License-Identifier: Apache-2.0
"""externaldata on a running server: files that whoever runs the machine put below its data folder, and no others."""
import pytest

LIST = "externaldata(ip:string, seen:datetime)['https://feeds.example.org/bad/list.csv'] with (format='csv', ignoreFirstRecord=true)"


@pytest.fixture(scope="module", name="feeds")
def fixture_feeds(vedette):
    folder = vedette.folder / "external/feeds.example.org/bad"
    folder.mkdir(parents=True)
    (folder / "list.csv").write_text("ip,seen\n10.0.0.1,2024-01-31\n10.0.0.2,2024-02-01\n", encoding="utf-8")
    (folder / "lines.json").write_text('{"a": 1, "b": {"c": "x"}}\n{"a": 2}\n', encoding="utf-8")
    (vedette.folder / "external/outside.csv").symlink_to("/etc/passwd")
    return vedette


def test_rows_of_a_file_are_joined_with_others(feeds):
    hosts = "datatable(ip:string, host:string)['10.0.0.2', 'db', '10.0.0.9', 'web']"
    assert feeds.query(f"{hosts} | join kind=inner ({LIST}) on ip | project host, day = format_datetime(seen, 'yyyy-MM-dd')") == [{"host": "db", "day": "2024-02-01"}]


def test_a_file_that_changes_is_read_anew(feeds):
    before = feeds.value(f"{LIST} | count")
    with open(feeds.folder / "external/feeds.example.org/bad/list.csv", "a", encoding="utf-8") as file:
        file.write("10.0.0.3,2024-02-02\n")
    assert feeds.value(f"{LIST} | count") == before + 1


def test_json_lines_have_their_members(feeds):
    lines = "externaldata(a:long, b:dynamic)['https://feeds.example.org/bad/lines.json'] with (format='json')"
    assert feeds.query(f"{lines} | project a, c = tostring(b.c) | sort by a asc") == [{"a": 1, "c": "x"}, {"a": 2, "c": ""}]


@pytest.mark.parametrize("address", ["https://feeds.example.org/bad/none.csv", "https://elsewhere.example.org/list.csv", "https://outside.csv/",
                                     "https://feeds.example.org/../../secret.key", "https://../secret.key", "file:///etc/passwd", "https://outside.csv"])
def test_what_is_not_kept_there_is_refused(feeds, address):
    done = feeds.cli("query", f"externaldata(s:string)['{address}'] with (format='txt')", check=False)
    assert done.returncode != 0 and "root:" not in done.stdout
    assert "KQ" in done.stderr or "externaldata" in done.stderr, done.stderr
