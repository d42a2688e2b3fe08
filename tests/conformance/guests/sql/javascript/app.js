// Every function of `spiderlightning:sql` in SQL that every database understands, and the errors of every kind.
//
// Values are texts, integers, numbers with a fraction, and no value: what every database has in the same form.

import { Sql, Statement } from "spiderlightning:sql/sql@0.5.1";
import { Transcript, drop, shown } from "./transcript.js";

const HOSTILE = "x', 1, 1.5); DROP TABLE item; --";
const TABLE =
  "CREATE TABLE ITEM (id BIGINT NOT NULL PRIMARY KEY, name VARCHAR(80) NOT NULL, price DOUBLE PRECISION)";
const INSERT = "INSERT INTO ITEM (id, name, price) VALUES ($1, $2, $3)";
const INSERT_MARKS = "INSERT INTO ITEM (id, name, price) VALUES (?, ?, ?)";

// A database, and the table of this run.
class Database {
  constructor(opened, table) {
    this.opened = opened;
    this.table = table;
  }

  #with(query, values, use) {
    const statement = Statement.prepare(query.replaceAll("ITEM", this.table), values);
    try {
      return use(statement);
    } finally {
      drop(statement);
    }
  }

  exec(query, ...values) {
    this.#with(query, values, (statement) => this.opened.exec(statement));
  }

  query(query, ...values) {
    return this.#with(query, values, (statement) => rowItems(this.opened.query(statement)));
  }

  twice(query, ...values) {
    const once = (statement) => rowItems(this.opened.query(statement));
    return this.#with(query, values, (statement) => `${once(statement)}, then ${once(statement)}`);
  }
}

function rowItems(items) {
  return items.map(({ fieldName, value }) => `${fieldName}=${data(value)}`).join(" ") || "nothing";
}

function data({ tag, val }) {
  return tag === "null" ? tag : `${tag} ${shown(val)}`;
}

export function run(name) {
  const said = new Transcript();
  const opened = said.did("open", () => Sql.open(name));
  const items = new Database(opened, `item_${name}`);
  inserted(said, items);
  queried(said, items);
  failures(said, items);
  changed(said, items);
  const same = Sql.open(name);
  const again = new Database(same, `item_${name}`);
  said.text("query from another handle", () => again.query("SELECT count(*) AS n FROM ITEM"));
  said.did("drop the table", () => items.exec("DROP TABLE ITEM"));
  drop(opened, same);
  return said.lines;
}

function inserted(said, items) {
  said.did("create a table", () => items.exec(TABLE));
  said.text("query an empty table", () => items.query("SELECT id, name, price FROM ITEM"));
  said.did("insert", () => items.exec(INSERT, "1", "tea", "2.5"));
  said.did("insert with question marks", () => items.exec(INSERT_MARKS, "2", "cup", "7.25"));
  said.did("insert a hostile value", () => items.exec(INSERT, "3", HOSTILE, "0.5"));
  said.did("insert no value", () => items.exec("INSERT INTO ITEM (id, name) VALUES ($1, $2)", "4", "日本茶"));
}

function queried(said, items) {
  said.text("query all rows", () => items.query("SELECT id, name, price FROM ITEM ORDER BY id"));
  said.text("query by a value", () => items.query("SELECT id FROM ITEM WHERE name = $1", HOSTILE));
  said.text("query with a value twice", () => items.query("SELECT id FROM ITEM WHERE name = $1 OR name = $1", "tea"));
  said.text("run a statement twice", () => items.twice("SELECT count(*) AS n FROM ITEM WHERE price > ?", "1"));
}

function failures(said, items) {
  said.failed("insert the key again", () => items.exec(INSERT, "1", "milk", "1.5"));
  said.failed("insert without a name", () => items.exec("INSERT INTO ITEM (id) VALUES ($1)", "5"));
  said.failed("run what is not SQL", () => items.exec("SELEKT 1"));
  said.failed("query what is not SQL", () => items.query("SELECT FROM WHERE"));
  said.failed("query a column that does not exist", () => items.query("SELECT weight FROM ITEM"));
  said.failed("query a table that does not exist", () => items.query("SELECT id FROM ITEM_missing"));
  said.failed("give too few values", () => items.exec(INSERT, "5", "milk"));
  said.failed("give too many values", () => items.query("SELECT id FROM ITEM WHERE id = $1", "1", "2"));
}

function changed(said, items) {
  said.did("update", () => items.exec("UPDATE ITEM SET price = $2 WHERE id = $1", "1", "3.5"));
  said.did("delete", () => items.exec("DELETE FROM ITEM WHERE id = $1", "3"));
  said.text("query what is left", () => items.query("SELECT id, price FROM ITEM ORDER BY id"));
}
