"""A reader of RFC 4180 that forgives nothing."""

import re

CELL = re.compile(r'"((?:[^"]|"")*)"|([^",\r\n]*)')


def read(data):
    """The records of a CSV file; fails at what RFC 4180 does not allow."""
    text = data.decode("utf-8")
    assert not text.startswith("\ufeff"), "a byte order mark"
    records, record, at = [], [], 0
    while at < len(text):
        match = CELL.match(text, at)
        quoted = match.group(1)
        record.append(match.group(2) if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if text.startswith("\r\n", at):
            records.append(record)
            record, at = [], at + 2
        else:
            assert text.startswith(
                ",", at
            ), f"neither comma nor CRLF after cell {len(record)} of record {len(records)}: {text[at:at + 30]!r}"
            at += 1
            assert at < len(text), "the last line does not end"
    assert not record, "the last line does not end"
    assert len({len(r) for r in records}) == 1, "records of different lengths"
    return records


def read_dicts(data):
    header, *rows = read(data)
    assert len(header) == len(set(header))
    return [dict(zip(header, row)) for row in rows]
