"""What the SDK offers, one function each; every one takes a text and gives one."""

from collections.abc import Awaitable, Callable

from spin_sdk import http, key_value, llm, mqtt, mysql, redis, sqlite, util, variables
from spin_sdk.http import Request
from spin_sdk.mqtt import Qos
from spin_sdk.postgres import Connection
from spin_sdk.wit.imports import spin_mysql_mysql_3_0_0 as my
from spin_sdk.wit.imports import spin_postgres_postgres_4_2_0 as pg


async def visits(text: str) -> str:
    with await key_value.open_default() as store:
        count = int(await store.get(text) or b"0") + 1
        await store.set(text, str(count).encode())
        keys = await util.collect(await store.get_keys())
    return f"{text} {count} of {len(keys)}"


async def notes(text: str) -> str:
    with await sqlite.Connection.open_default() as database:
        _, rows, end = await database.execute("SELECT ?, ?", [sqlite.Value_Text(text), sqlite.Value_Integer(7)])
        found = await util.collect((rows, end))
    return " ".join(str(getattr(value, "value", None)) for row in found for value in row.values)


async def setting(text: str) -> str:
    return await variables.get(text)


async def counter(text: str) -> str:
    with await redis.open("redis://cache") as cache:
        await cache.set(text, b"1")
        return f"{text} {await cache.incr(text)}"


async def people(text: str) -> str:
    with await Connection.open("host=db") as database:
        columns, rows, end = await database.query("SELECT $1", [pg.ParameterValue_Str(text)])
        found = await util.collect((rows, end))
    return f"{columns[0].name} {getattr(found[0][0], 'value', None)}"


async def parcels(text: str) -> str:
    with await mysql.open("mysql://db") as database:
        columns, rows, end = await database.query("SELECT ?", [my.ParameterValue_Str(text)])
        found = await util.collect((rows, end))
    return f"{columns[0].name} {getattr(found[0][0], 'value', None)}"


async def telemetry(text: str) -> str:
    with await mqtt.open("mqtt://broker", "user", "secret", 30) as connection:
        await connection.publish("telemetry", text.encode(), Qos.AT_LEAST_ONCE)
    return "sent"


async def joke(text: str) -> str:
    found = llm.infer_with_options("a-model", text, llm.InferencingParams(temperature=0.5))
    return f"{found.text} ({found.usage.generated_token_count})"


async def fetch(text: str) -> str:
    answer = await http.send(Request("POST", "https://example.com/echo?x=1", {"accept": "*/*"}, text.encode()))
    return f"{answer.status} {answer.headers['content-type']} {(answer.body or b'').decode()}"


CAPABILITIES: dict[str, Callable[[str], Awaitable[str]]] = {
    function.__name__: function
    for function in (visits, notes, setting, counter, people, parcels, telemetry, joke, fetch)
}
