"""Every case of `data-type`, from every database that has such a type."""

from __future__ import annotations

from tests.backends.opening import opened
from tests.backends.sql.databases import Shop
from witkit.interfaces.sql import sql as api

POSTGRESQL: list[tuple[str, api.DataType]] = [
    ("int2 '-3'", api.DataType_Int32(-3)),
    ("int4 '-2147483648'", api.DataType_Int32(-(2**31))),
    ("int8 '9223372036854775807'", api.DataType_Int64(2**63 - 1)),
    ("oid '4294967295'", api.DataType_Uint32(2**32 - 1)),
    ("xid8 '18446744073709551615'", api.DataType_Uint64(2**64 - 1)),
    ("float4 '1.5'", api.DataType_Float(1.5)),
    ("float8 '-0.1'", api.DataType_Double(-0.1)),
    ("float8 'Infinity'", api.DataType_Double(float("inf"))),
    ("text 'täglich'", api.DataType_Str("täglich")),
    ("numeric '12345678901234567890.10'", api.DataType_Str("12345678901234567890.10")),
    ("uuid 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", api.DataType_Str("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11")),
    ("jsonb '{\"a\": [1]}'", api.DataType_Str('{"a": [1]}')),
    ("ARRAY[1, 2]", api.DataType_Str("{1,2}")),
    ("true", api.DataType_Boolean(True)),
    ("false", api.DataType_Boolean(False)),
    ("date '2026-01-02'", api.DataType_Date("2026-01-02")),
    ("time '10:20:30.5'", api.DataType_Time("10:20:30.5")),
    ("timetz '10:20:30+02'", api.DataType_Time("10:20:30+02:00")),
    ("timestamp '2026-01-02 10:20:30.25'", api.DataType_Timestamp("2026-01-02T10:20:30.25")),
    ("timestamptz '2026-01-02 10:20:30+05:30'", api.DataType_Timestamp("2026-01-02T04:50:30+00:00")),
    ("timestamp 'infinity'", api.DataType_Timestamp("infinity")),
    ("bytea '\\x00ff'", api.DataType_Binary(b"\x00\xff")),
    ("bytea ''", api.DataType_Binary(b"")),
    ("NULL", api.DataType_Null()),
]
MARIADB: list[tuple[str, str, api.DataType]] = [
    ("TINYINT", "-3", api.DataType_Int32(-3)),
    ("INT", "-2147483648", api.DataType_Int32(-(2**31))),
    ("BIGINT", "9223372036854775807", api.DataType_Int64(2**63 - 1)),
    ("TINYINT UNSIGNED", "255", api.DataType_Uint32(255)),
    ("INT UNSIGNED", "4294967295", api.DataType_Uint32(2**32 - 1)),
    ("YEAR", "2026", api.DataType_Uint32(2026)),
    ("BIGINT UNSIGNED", "18446744073709551615", api.DataType_Uint64(2**64 - 1)),
    ("BIT(9)", "b'100000001'", api.DataType_Uint64(257)),
    ("FLOAT", "1.5", api.DataType_Float(1.5)),
    ("DOUBLE", "-0.1", api.DataType_Double(-0.1)),
    ("VARCHAR(20)", "'täglich'", api.DataType_Str("täglich")),
    ("TEXT", "'täglich'", api.DataType_Str("täglich")),
    ("DECIMAL(22, 2)", "12345678901234567890.10", api.DataType_Str("12345678901234567890.10")),
    ("ENUM('a', 'b')", "'b'", api.DataType_Str("b")),
    ("JSON", "'[1]'", api.DataType_Str("[1]")),
    ("BOOLEAN", "true", api.DataType_Boolean(True)),
    ("BOOLEAN", "false", api.DataType_Boolean(False)),
    ("BOOLEAN", "7", api.DataType_Int32(7)),
    ("BIT", "b'1'", api.DataType_Boolean(True)),
    ("DATE", "'2026-01-02'", api.DataType_Date("2026-01-02")),
    ("TIME(1)", "'10:20:30.5'", api.DataType_Time("10:20:30.5")),
    ("DATETIME", "'2026-01-02 10:20:30'", api.DataType_Timestamp("2026-01-02T10:20:30")),
    ("TIMESTAMP(2) NULL", "'2026-01-02 10:20:30.25'", api.DataType_Timestamp("2026-01-02T10:20:30.25")),
    ("BLOB", "x'00ff'", api.DataType_Binary(b"\x00\xff")),
    ("VARBINARY(3)", "''", api.DataType_Binary(b"")),
    ("INT", "NULL", api.DataType_Null()),
]
SQLITE: list[tuple[str, api.DataType]] = [
    ("9223372036854775807", api.DataType_Int64(2**63 - 1)),
    ("-0.1", api.DataType_Double(-0.1)),
    ("'täglich'", api.DataType_Str("täglich")),
    ("x'00ff'", api.DataType_Binary(b"\x00\xff")),
    ("NULL", api.DataType_Null()),
]
CASES = {kind for kind in vars(api) if kind.startswith("DataType_")}


def values(shop: Shop, text: str) -> list[api.DataType]:
    return [item.value for item in shop.items(text)]


def test_every_case_comes_from_postgresql(postgresql_database: str) -> None:
    with opened("sql", "postgresql", url=f"{postgresql_database}?options=-ctimezone%3DUTC") as sql:
        found = values(Shop(sql), f"SELECT {', '.join(text for text, _ in POSTGRESQL)}")
    assert found == [wanted for _, wanted in POSTGRESQL]
    assert {type(value).__name__ for value in found} == CASES


def test_every_case_comes_from_mariadb(mariadb_database: str) -> None:
    with opened("sql", "mariadb", url=mariadb_database) as sql:
        shop = Shop(sql)
        shop.exec(f"CREATE TABLE every ({', '.join(f'c{n} {kind}' for n, (kind, _, _) in enumerate(MARIADB))})")
        shop.exec(f"INSERT INTO every VALUES ({', '.join(text for _, text, _ in MARIADB)})")
        found = values(shop, "SELECT * FROM every")
    assert found == [wanted for _, _, wanted in MARIADB]
    assert {type(value).__name__ for value in found} == CASES


def test_the_five_types_of_sqlite_come_as_they_are() -> None:
    with opened("sql", "memory") as sql:
        assert values(Shop(sql), f"SELECT {', '.join(text for text, _ in SQLITE)}") == [wanted for _, wanted in SQLITE]


def test_texts_of_postgresql_go_back_as_parameters(postgresql_database: str) -> None:
    with opened("sql", "postgresql", url=f"{postgresql_database}?options=-ctimezone%3DUTC") as sql:
        shop = Shop(sql)
        for text, wanted in POSTGRESQL:
            value = getattr(wanted, "value", None)
            if isinstance(value, str):
                shop.exec(f"CREATE TEMPORARY TABLE one ON COMMIT PRESERVE ROWS AS SELECT {text} AS value")
                assert values(shop, "SELECT value FROM one") == [wanted]
                shop.exec("UPDATE one SET value = $1", value)
                assert values(shop, "SELECT value FROM one") == [wanted]
                shop.exec("DROP TABLE one")


def test_texts_of_mariadb_go_back_as_parameters(mariadb_database: str) -> None:
    with opened("sql", "mariadb", url=mariadb_database) as sql:
        shop = Shop(sql)
        for kind, _, wanted in MARIADB:
            value = getattr(wanted, "value", None)
            if isinstance(value, str):
                shop.exec(f"CREATE OR REPLACE TEMPORARY TABLE one (value {kind})")
                shop.exec("INSERT INTO one VALUES ($1)", value)
                assert values(shop, "SELECT value FROM one") == [wanted]
