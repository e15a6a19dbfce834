#!/usr/bin/env python3
"""Payments in another language: the demo's service again, in Python's standard library.

A key is claimed by one insert, and belongs to a caller. A claim has a lease, so that one
whose process died can be taken over. Payment and answer are one commit, which only the
claim's holder can make: each payment is made exactly once.
"""

import argparse
import json
import sqlite3
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LEASE = 2.0  # seconds
LARGEST = 1 << 20

SCHEMA = """
create table if not exists keys (
    scope text, key text, print blob, token text, until real,
    status integer, headers text, body text,
    primary key (scope, key));
create table if not exists payments (number integer primary key, id text, body text);
create table if not exists settings (path text primary key, body text);
"""


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # One write for an answer's head and body.
    wbufsize = -1
    file = ""

    def do_POST(self):
        body = self.read()
        if body is None:
            return
        if self.path != "/v1/payments":
            return self.answer(404, {"error": "not found"})
        key = self.key()
        if key is None:
            return self.answer(400, {"code": "key-missing-or-malformed"})
        scope = self.headers.get("Authorization", "nobody")
        held = self.claim(scope, key, body)
        if held["say"] is not None:
            return self.answer(*held["say"])
        # The work, in which duplicates meet a running first.
        time.sleep(0.005)
        status, headers, made = self.pay(body)
        self.finish(scope, key, held["token"], status, headers, made)
        self.answer(status, made, headers)

    def do_PUT(self):
        body = self.read()
        if body is None:
            return
        with self.transaction() as books:
            books.execute("insert or replace into settings values (?, ?)", (self.path, body))
        self.answer(200, json.loads(body))

    def do_GET(self):
        with self.transaction() as books:
            if self.path == "/v1/ledger":
                (count,) = books.execute("select count(*) from payments").fetchone()
                return self.answer(200, {"effects": count})
            if self.path == "/v1/payments":
                rows = books.execute("select body from payments order by number").fetchall()
                return self.answer(200, [json.loads(body) for (body,) in rows])
            id = self.path.rsplit("/", 1)[-1]
            row = books.execute("select body from payments where id = ?", (id,)).fetchone()
            row = row or books.execute(
                "select body from settings where path = ?", (self.path,)
            ).fetchone()
        if row is None:
            return self.answer(404, {"error": "not found"})
        self.answer(200, json.loads(row[0]))

    do_HEAD = do_GET

    def read(self):
        """The body; None when the client left before its end."""
        length = int(self.headers.get("Content-Length", "0"))
        body = self.rfile.read(length) if length <= LARGEST else b""
        if len(body) == length:
            return body
        self.close_connection = True
        return None

    def key(self):
        keys = self.headers.get_all("Idempotency-Key") or []
        if len(keys) != 1:
            return None
        key = keys[0]
        if len(key) >= 2 and key[0] == key[-1] == '"':
            key = key[1:-1]
        well = key.isascii() and key.isprintable() and not set(key) & set(' ",;')
        return key if 1 <= len(key) <= 255 and well else None

    def claim(self, scope, key, body):
        """Claims the key in one step; or says what its record says."""
        token, now = uuid.uuid4().hex, time.time()
        with self.transaction() as books:
            taken = books.execute(
                "insert into keys (scope, key, print, token, until) values (?, ?, ?, ?, ?)"
                " on conflict do update set token = excluded.token, until = excluded.until"
                # A claim whose holder is gone; never another payload's.
                " where status is null and until < ? and print = excluded.print",
                (scope, key, body, token, now + LEASE, now),
            )
            if taken.rowcount == 1:
                return {"token": token, "say": None}
            print_, status, headers, stored = books.execute(
                "select print, status, headers, body from keys where scope = ? and key = ?",
                (scope, key),
            ).fetchone()
        if print_ != body:
            say = (422, {"code": "key-reused"})
        elif status is None:
            say = (409, {"code": "in-flight"}, {"Retry-After": "1"})
        else:
            mark = {"Idempotent-Replayed": "true"}
            say = (status, json.loads(stored), json.loads(headers) | mark)
        return {"say": say}

    def pay(self, body):
        try:
            sent = json.loads(body)
        except ValueError:
            return 400, {}, {"error": "the body is not JSON"}
        if not isinstance(sent.get("amount"), int):
            return 400, {}, {"error": "`amount` is missing"}
        if sent.get("card") == "tok_declined":
            return 402, {}, {"error": "the card was declined"}
        id = str(uuid.uuid4())
        made = {"id": id, "amount": sent["amount"], "state": "paid"}
        return 201, {"Location": f"/v1/payments/{id}"}, made

    def finish(self, scope, key, token, status, headers, made):
        """Payment and answer in one commit, if the claim is still ours."""
        with self.transaction() as books:
            ended = books.execute(
                "update keys set status = ?, headers = ?, body = ?"
                " where scope = ? and key = ? and token = ? and status is null",
                (status, json.dumps(headers), json.dumps(made), scope, key, token),
            )
            if ended.rowcount == 1 and status == 201:
                books.execute(
                    "insert into payments (id, body) values (?, ?)", (made["id"], json.dumps(made))
                )
        if ended.rowcount != 1:
            # Another has taken over: what it did is what happened.
            raise ConnectionAbortedError("the claim was taken over")

    def transaction(self):
        return Transaction(self.file)

    def answer(self, status, body, headers=()):
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)
        self.wfile.flush()

    def log_message(self, *_):
        pass


class Transaction:
    """A connection of its own, with a transaction that writes."""

    def __init__(self, file):
        self.books = sqlite3.connect(file, timeout=30, isolation_level=None)
        self.books.execute("begin immediate")

    def __enter__(self):
        return self.books

    def __exit__(self, failed, *_):
        self.books.execute("rollback" if failed else "commit")
        self.books.close()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # A client that left, or a claim that was taken over.


def main():
    flags = argparse.ArgumentParser()
    flags.add_argument("--port", type=int, required=True)
    flags.add_argument("--file", required=True)
    flags = flags.parse_args()
    Service.file = flags.file
    books = sqlite3.connect(flags.file)
    books.execute("pragma journal_mode = wal")
    books.executescript(SCHEMA)
    books.close()
    Server(("127.0.0.1", flags.port), Service).serve_forever()


if __name__ == "__main__":
    main()
