"""The official Python server on a SQLite store, with the answer that the other servers give too.

Run by turns.ts: python app.py FOLDER; the folder holds official.db, made by `python app.py FOLDER seed`,
which reads the ids of attachments from its standard input.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from typing import AsyncIterator

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter

from chatkit.server import ChatKitServer, StreamingResult
from chatkit.store import NotFoundError, Store
from chatkit.types import (
    AssistantMessageContent,
    AssistantMessageContentPartAdded,
    AssistantMessageContentPartDone,
    AssistantMessageContentPartTextDelta,
    AssistantMessageItem,
    Attachment,
    ImageAttachment,
    Page,
    ThreadItem,
    ThreadItemAddedEvent,
    ThreadItemDoneEvent,
    ThreadItemUpdatedEvent,
    ThreadMetadata,
)

ITEM = TypeAdapter(ThreadItem)
ATTACHMENT = TypeAdapter(Attachment)
PIECES = [f"piece {index:03} " for index in range(20)]
SCHEMA = """
create table if not exists threads (seq integer primary key, id text unique not null, user text not null, data text not null);
create index if not exists threads_by_user on threads (user, seq);
create table if not exists items (seq integer primary key, id text unique not null, thread_id text not null, data text not null);
create index if not exists items_by_thread on items (thread_id, seq);
create table if not exists attachments (id text primary key, user text not null, data text not null);
"""


class SqliteStore(Store[str]):
    """One connection in WAL mode; every write is committed, as the store of upstream's own example does."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path)
        self.db.execute("pragma journal_mode = wal")
        self.db.executescript(SCHEMA)

    def write(self, sql: str, *values: object) -> None:
        with self.db:
            self.db.execute(sql, values)

    def one(self, sql: str, *values: object) -> str:
        row = self.db.execute(sql, values).fetchone()
        if row is None:
            raise NotFoundError(str(values[0]))
        return row[0]

    def rows(self, table, where, owner, limit, after, order):
        after_sql, values = "", [owner]
        if after is not None:
            after_sql = f"and seq {'<' if order == 'desc' else '>'} (select seq from {table} where id = ?)"
            values.append(after)
        sql = f"select id, data from {table} where {where} = ? {after_sql} order by seq {order} limit ?"
        found = self.db.execute(sql, [*values, limit + 1]).fetchall()
        more = len(found) > limit
        return [data for _, data in found[:limit]], more, found[limit - 1][0] if more else None

    async def load_thread(self, thread_id, context) -> ThreadMetadata:
        sql = "select data from threads where id = ? and user = ?"
        return ThreadMetadata.model_validate_json(self.one(sql, thread_id, context))

    async def save_thread(self, thread, context) -> None:
        self.write(
            "insert into threads (id, user, data) values (?, ?, ?) on conflict (id) do update set data = excluded.data",
            thread.id,
            context,
            thread.model_dump_json(exclude={"items"}),
        )

    async def load_threads(self, limit, after, order, context) -> Page[ThreadMetadata]:
        data, more, cursor = self.rows("threads", "user", context, limit, after, order)
        return Page(data=[ThreadMetadata.model_validate_json(d) for d in data], has_more=more, after=cursor)

    async def load_thread_items(self, thread_id, after, limit, order, context) -> Page[ThreadItem]:
        data, more, cursor = self.rows("items", "thread_id", thread_id, limit, after, order)
        return Page(data=[ITEM.validate_json(d) for d in data], has_more=more, after=cursor)

    async def add_thread_item(self, thread_id, item, context) -> None:
        await self.save_item(thread_id, item, context)

    async def save_item(self, thread_id, item, context) -> None:
        self.write(
            "insert into items (id, thread_id, data) values (?, ?, ?) on conflict (id) do update set data = excluded.data",
            item.id,
            thread_id,
            item.model_dump_json(),
        )

    async def load_item(self, thread_id, item_id, context) -> ThreadItem:
        sql = "select data from items where id = ? and thread_id = ?"
        return ITEM.validate_json(self.one(sql, item_id, thread_id))

    async def delete_thread_item(self, thread_id, item_id, context) -> None:
        self.write("delete from items where id = ? and thread_id = ?", item_id, thread_id)

    async def delete_thread(self, thread_id, context) -> None:
        self.write("delete from items where thread_id = ?", thread_id)
        self.write("delete from threads where id = ? and user = ?", thread_id, context)

    async def save_attachment(self, attachment, context) -> None:
        self.write(
            "insert into attachments values (?, ?, ?) on conflict (id) do update set data = excluded.data",
            attachment.id,
            context,
            attachment.model_dump_json(),
        )

    async def load_attachment(self, attachment_id, context) -> Attachment:
        sql = "select data from attachments where id = ? and user = ?"
        return ATTACHMENT.validate_json(self.one(sql, attachment_id, context))

    async def delete_attachment(self, attachment_id, context) -> None:
        self.write("delete from attachments where id = ? and user = ?", attachment_id, context)


class Server(ChatKitServer[str]):
    async def respond(self, thread, input_user_message, context) -> AsyncIterator:
        item = AssistantMessageItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=[],
        )
        yield ThreadItemAddedEvent(item=item)

        def update(change):
            return ThreadItemUpdatedEvent(item_id=item.id, update=change)

        yield update(
            AssistantMessageContentPartAdded(content_index=0, content=AssistantMessageContent(text=""))
        )
        for piece in PIECES:
            yield update(AssistantMessageContentPartTextDelta(content_index=0, delta=piece))
        content = AssistantMessageContent(text="".join(PIECES))
        yield update(AssistantMessageContentPartDone(content_index=0, content=content))
        yield ThreadItemDoneEvent(item=item.model_copy(update={"content": [content]}))


def application(store: SqliteStore) -> FastAPI:
    app, server = FastAPI(), Server(store)

    @app.post("/chatkit")
    async def chatkit(request: Request) -> Response:
        result = await server.process(await request.body(), "local")
        if isinstance(result, StreamingResult):
            return StreamingResponse(result, media_type="text/event-stream")
        return Response(content=result.json, media_type="application/json")

    return app


async def seed(store: SqliteStore) -> None:
    for line in sys.stdin:
        attachment = ImageAttachment(
            id=line.strip(), name="a.png", mime_type="image/png", preview_url="http://127.0.0.1/a.png"
        )
        sql = "insert into attachments values (?, ?, ?)"
        store.db.execute(sql, (attachment.id, "local", attachment.model_dump_json()))
    store.db.commit()


store = SqliteStore(Path(sys.argv[1]) / "official.db")
if sys.argv[2:] == ["seed"]:
    asyncio.run(seed(store))
else:
    logging.getLogger("chatkit").setLevel(logging.WARNING)
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    config = uvicorn.Config(application(store), log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])
