"""Reads the workbook of an export back, as the JSON of the same would say it."""

import datetime
import io
import re

import openpyxl

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def said(cell):
    value = cell.value
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d" if cell.number_format == "yyyy-mm-dd" else "%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, str):
        # ECMA-376 part 1, 22.9.2.19: how a character that XML cannot hold is written.
        return re.sub("_x([0-9A-F]{4})_", lambda m: chr(int(m.group(1), 16)), value)
    return value


def read(content):
    """The sheet's name, its header, and its rows as dicts without the empty cells."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    (sheet,) = book.worksheets
    header, *rows = sheet.iter_rows()
    header = [cell.value for cell in header]
    return sheet.title, header, [{n: said(c) for n, c in zip(header, row) if c.value is not None} for row in rows]
