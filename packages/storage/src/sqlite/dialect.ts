import type { DatabaseSync, SQLInputValue } from "node:sqlite";
import { SqliteAdapter, SqliteDialect } from "kysely";

/** Values as kysely hands them to a driver, which are all that SQLite binds. */
export function boundValues(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}

/** SQLite can undo DDL; kysely does not rely on it by default. With it, a migration is whole or absent. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** kysely on `node:sqlite`. The connection stays the caller's: kysely never closes it. */
export class NodeSqliteDialect extends SqliteDialect {
  constructor(connection: DatabaseSync) {
    super({
      database: {
        close() {},
        prepare(sql) {
          const statement = connection.prepare(sql);
          return {
            reader: statement.columns().length > 0,
            all: (parameters) => statement.all(...boundValues(parameters)),
            run: (parameters) => statement.run(...boundValues(parameters)),
            iterate: (parameters) => statement.iterate(...boundValues(parameters)),
          };
        },
      },
    });
  }

  override createAdapter(): SqliteAdapter {
    return new TransactionalAdapter();
  }
}
