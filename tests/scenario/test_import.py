# SPDX-License-Identifier: Apache-2.0
"""`vedette import`: every kind of file, refused lines, repeats, and what bad input does (nothing)."""
import gzip
import io
import json
import tarfile
import uuid
import zipfile

import pytest


def rows(n, mark):
    return [{"Type": "Syslog", "TimeGenerated": f"2026-11-01T00:{i // 60 % 60:02}:{i % 60:02}Z", "ProcessName": mark, "SyslogMessage": f"{mark} {i}"}
            for i in range(n)]


def as_lines(records):
    return "".join(json.dumps(r) + "\n" for r in records).encode()


def as_array(records):
    return json.dumps(records).encode()


def as_pretty(records):
    return json.dumps(records, indent=2).encode()


def as_records(records):
    return json.dumps({"Records": records}).encode()


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in parts.items():
            z.writestr(name, data)
    return out.getvalue()


def tarred(parts):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as t:
        for name, data in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


KINDS = {
    "lines.json": as_lines,
    "array.json": as_array,
    "pretty.json": as_pretty,
    "records.json": as_records,
    "lines.json.gz": lambda r: gzip.compress(as_lines(r)),
    "two.zip": lambda r: zipped({"a.json": as_lines(r[:7]), "d/b.json": as_array(r[7:])}),
    "two.tar.gz": lambda r: tarred({"a.json": as_pretty(r[:7]), "b.json.gz": gzip.compress(as_lines(r[7:]))}),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_of_file_gives_its_rows_once(vedette, tmp_path, name):
    mark = f"kind-{uuid.uuid4().hex[:8]}"
    path = tmp_path / name
    path.write_bytes(KINDS[name](rows(100, mark)))
    counts = vedette.import_(path)
    assert counts["total"] == 100 and counts["rows"] == {"Syslog": 100} and counts["refused"] == 0
    assert vedette.value(f"Syslog | where ProcessName == '{mark}' | distinct SyslogMessage | count") == 100
    assert vedette.value(f"Syslog | where ProcessName == '{mark}' | count") == 100


def test_a_folder_and_standard_input(vedette, tmp_path):
    mark = f"folder-{uuid.uuid4().hex[:8]}"
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "a.json").write_bytes(as_lines(rows(10, mark)))
    (tmp_path / "deep/er/b.json").write_bytes(as_lines(rows(5, mark)))
    assert vedette.import_(tmp_path)["total"] == 15
    done = vedette.cli("import", "--json", "-", stdin=as_lines(rows(3, mark)).decode())
    assert json.loads(done.stdout)["total"] == 3


def test_the_same_file_again_is_taken_once_and_on_purpose_twice(vedette, tmp_path):
    mark = f"again-{uuid.uuid4().hex[:8]}"
    path = tmp_path / "a.json"
    path.write_bytes(as_lines(rows(50, mark)))
    count = f"Syslog | where ProcessName == '{mark}' | count"
    vedette.import_(path)
    assert vedette.import_(path)["duplicatePieces"] == 1
    assert vedette.value(count) == 50
    vedette.cli("import", "--again", path)
    assert vedette.value(count) == 100


def test_refused_lines_are_kept_with_their_reason(vedette, tmp_path):
    mark = f"refused-{uuid.uuid4().hex[:8]}"
    path = tmp_path / f"{mark}.json"
    good = as_lines(rows(4, mark)).decode().splitlines()
    path.write_text("\n".join([good[0], '{"Type":"Syslog", broken', good[1], '{"Type":"Syslog","TimeGenerated":', good[2], good[3]]) + "\n")
    counts = vedette.import_(path)
    assert counts["total"] == 4 and counts["refused"] == 2
    kept = vedette.query(f"IngestErrors | where tostring(pack_all()) has '{mark}'")
    assert len(kept) == 2
    assert all(any("broken" in str(v) or "TimeGenerated" in str(v) for v in row.values()) for row in kept)


def test_a_file_of_nothing_but_rubbish_fails_and_says_where_it_is_kept(vedette, tmp_path):
    path = tmp_path / "rubbish.json"
    path.write_text('{"a":\n{"b":\n')
    done = vedette.cli("import", path, check=False)
    assert done.returncode == 2 and "IngestErrors" in done.stderr


@pytest.mark.parametrize("make, says", [
    (lambda p: None, "no file"),
    (lambda p: p.write_bytes(zipped({"a.json": as_lines(rows(2000, "cut"))})[:-4000]), "file.zip"),
    (lambda p: p.write_bytes(gzip.compress(as_lines(rows(20000, "cut")))[:2000]), "file.zip"),
])
def test_missing_and_damaged_files_are_named(vedette, tmp_path, make, says):
    path = tmp_path / "file.zip"
    make(path)
    done = vedette.cli("import", path, check=False)
    assert done.returncode != 0 and says in done.stderr


@pytest.mark.parametrize("body", [b"", b"\x00\xff\xfe" * 1000, b"[" * 5000, b'{"a":' * 3000, b"{}", b"null", b'"text"', b"[[[]]]",
                                  b'{"Type":"../../etc","TimeGenerated":"2026-01-01"}', b'{"Type":"x`; DROP DATABASE law","TimeGenerated":"2026-01-01"}'])
def test_hostile_bodies_are_answered_and_change_nothing(vedette, body):
    headers = vedette.signin()
    status, _, answer = vedette.call("POST", vedette.workspace(headers) + "/providers/Vedette.Operations/import?api-version=2026-11-01&source=hostile",
                                     body, headers)
    assert status in (200, 204, 400, 413), answer
    assert vedette.value("print 1") == 1


def test_without_a_token_nothing_is_taken(vedette):
    headers = vedette.signin()
    path = vedette.workspace(headers) + "/providers/Vedette.Operations/import?api-version=2026-11-01&source=x"
    assert vedette.call("POST", path, b'{"a":1}')[0] == 401
    cookie = {"Cookie": headers["Cookie"]}
    assert vedette.call("POST", path, b'{"a":1}', cookie)[0] in (401, 403), "a cookie alone cannot write"


def test_a_reader_cannot_import(vedette, tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(as_lines(rows(1, "reader")))
    who = vedette.principal("Reader")
    done = vedette.cli("import", path, check=False, env={"VEDETTE_USER": who["clientId"], "VEDETTE_PASSWORD": who["clientSecret"]})
    assert done.returncode == 4
    assert "authorization" in done.stderr
