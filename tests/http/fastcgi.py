"""FastCGI by hand: what a program does with its socket when nginx is not between."""

import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6
RESPONDER, KEEP_CONN = 1, 1


def record(kind, content=b""):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content


def pair(name, value):
    return struct.pack(">II", len(name) | 1 << 31, len(value) | 1 << 31) + name.encode() + value.encode()


def parameters(method, uri, length=0, **more):
    return {"REQUEST_METHOD": method, "REQUEST_URI": uri, "REQUEST_ID": "0" * 32, "CONTENT_LENGTH": str(length), **more}


def head(params, keep=False):
    """All of a request but its body."""
    return (
        record(BEGIN, struct.pack(">HB5x", RESPONDER, KEEP_CONN if keep else 0))
        + record(PARAMS, b"".join(pair(k, v) for k, v in params.items()))
        + record(PARAMS)
    )


def request(params, body=b"", keep=False):
    pieces = [body[i : i + 60000] for i in range(0, len(body), 60000)]
    return head(params, keep) + b"".join(record(STDIN, piece) for piece in pieces) + record(STDIN)


def answers(data):
    """What a program wrote, one text per request that it ended."""
    found, out = [], b""
    while len(data) >= 8:
        _, kind, _, length, padding = struct.unpack(">BBHHB", data[:7])
        content, data = data[8 : 8 + length], data[8 + length + padding :]
        if kind == STDOUT:
            out += content
        elif kind == END:
            found.append(out)
            out = b""
    return found


def read_all(connection):
    data = b""
    try:
        while piece := connection.recv(65536):
            data += piece
    except ConnectionError:
        pass
    return data


def talk(path, data, timeout=20):
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(timeout)
        s.connect(path)
        try:
            s.sendall(data)
        except ConnectionError:
            pass
        return read_all(s)


def status_of(answer):
    return int(answer.split(b"\r\n", 1)[0].removeprefix(b"Status: ").split()[0])
