/**
 * Connections to PostgreSQL, with a bound for everything that waits: for a connection, for a statement, for a server that
 * has gone without a word. Of several servers the one that takes writes is found, and found again after a failover.
 */
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { DatabaseError, Pool, type PoolClient, types } from 'pg';
import { DatabaseUnavailable } from '../kernel/database-unavailable.ts';
import type { FullDisk } from './full-disk.ts';
import { hostsOf } from './postgresql-hosts.ts';
import { type NameOfStatement, statementNames } from './prepared-statements.ts';
import type { Connections } from './store.ts';

const INT8 = 20;
const CONNECTIONS = 16;
const CONNECT_TIMEOUT_MS = 5_000;
/** The server ends a statement after the one; after the other nobody believes any more that there is a server. */
const STATEMENT_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 35_000;
/** What a process that has gone had locked is free after this. */
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
/** 24 days, which is the most that PostgreSQL knows: the limit of a role counts where none is given. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;
const KEEP_ALIVE_MS = 10_000;

export interface PostgresqlPool extends PostgresPool {
  /** For statements that are each a transaction: those of one turn of the event loop share a connection, and a message. */
  readonly lookups: PostgresPool;
  connections(): Connections;
}

export interface PoolOptions {
  /** Hears of an idle connection that broke. */
  readonly connectionLost: (error: Error) => void;
  readonly fullDisk: FullDisk;
  /** Statements may take as long as they take: for migrations. */
  readonly patient?: boolean;
}

export function postgresqlPool(databaseUrl: string, options: PoolOptions): PostgresqlPool {
  const { connectionLost, fullDisk, patient = false } = options;
  const pools = hostsOf(databaseUrl).map((connectionString) => {
    const pool = new Pool({
      connectionString,
      max: CONNECTIONS,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'plugpool',
      types: { getTypeParser: parserOf },
      // What is sent behind a statement whose answer is not there yet is answered in its turn.
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      ...(patient
        ? { statement_timeout: LONGEST_TIMEOUT_MS }
        : {
            statement_timeout: STATEMENT_TIMEOUT_MS,
            query_timeout: ANSWER_TIMEOUT_MS,
            idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
          }),
    });
    // Without a listener an idle connection that breaks would end the process.
    pool.on('error', connectionLost);
    // The same for one that breaks while it is used: whoever uses it is told by the failure of his statement.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  });
  const connect = pools.length === 1 ? connectTo(pools) : connectToPrimary(pools);
  const nameOf = statementNames(databaseUrl);
  const guarded = new WeakMap<PoolClient, GuardedClient>();
  const sum = (count: (pool: Pool) => number) => pools.reduce((total, pool) => total + count(pool), 0);
  const connectGuarded = async () => {
    try {
      const client = await connect();
      const known = guarded.get(client) ?? new GuardedClient(client, nameOf, fullDisk);
      guarded.set(client, known);
      return known.used();
    } catch (cause) {
      throw new DatabaseUnavailable(cause);
    }
  };
  const end = async () => {
    await Promise.all(pools.filter((pool) => !pool.ending).map((pool) => pool.end()));
  };
  return {
    options: {},
    connect: connectGuarded,
    end,
    lookups: { options: {}, connect: oneForATurn(connectGuarded), end },
    connections: () => ({
      used: sum(({ totalCount, idleCount }) => totalCount - idleCount),
      idle: sum(({ idleCount }) => idleCount),
      waiting: sum(({ waitingCount }) => waitingCount),
    }),
  };
}

function connectTo([pool]: readonly Pool[]): () => Promise<PoolClient> {
  if (pool === undefined) throw new TypeError('a database URL names a server');
  return () => pool.connect();
}

/** The server that took writes last is tried first. A new connection is asked once whether it takes writes. */
function connectToPrimary(pools: readonly Pool[]): () => Promise<PoolClient> {
  const writable = new WeakSet<PoolClient>();
  let current = 0;

  async function tried(pool: Pool): Promise<PoolClient> {
    const client = await pool.connect();
    if (writable.has(client)) return client;
    try {
      const { rows } = await client.query<{ transaction_read_only: string }>('show transaction_read_only');
      if (rows[0]?.transaction_read_only !== 'off') throw new Error('the server takes no writes: it is a standby');
      writable.add(client);
      return client;
    } catch (cause) {
      client.release(true);
      throw cause;
    }
  }

  return async () => {
    let failure: unknown;
    for (const [offset] of pools.entries()) {
      const index = (current + offset) % pools.length;
      const pool = pools[index];
      if (pool === undefined) continue;
      try {
        const client = await tried(pool);
        current = index;
        return client;
      } catch (cause) {
        failure ??= cause;
      }
    }
    throw failure;
  };
}

/** Whoever asks in the same turn of the event loop gets the same connection; it is released when all of them have. */
function oneForATurn(connect: () => Promise<GuardedClient>): () => Promise<GuardedClient> {
  let ofThisTurn: Promise<GuardedClient> | undefined;
  return async () => {
    if (ofThisTurn === undefined) {
      const connection = connect();
      ofThisTurn = connection;
      setImmediate(() => {
        ofThisTurn = undefined;
        // It was held for those who were still to come. Who asked is told of a failure.
        connection.then(
          (client) => client.release(),
          () => undefined,
        );
      });
    }
    return (await ofThisTurn).used();
  };
}

/** read_only_sql_transaction: a primary that became a standby. Its connections are of no use any more. */
const READ_ONLY = '25006';
const DISK_FULL = '53100';
/** The class of codes for memory, connections and configured limits as well. */
const INSUFFICIENT_RESOURCES = '53';

/**
 * A connection that broke is not used again: what is sent behind an answer that never came waits for ever. What is sent in
 * one turn of the event loop goes in one message, since each one wakes a process of the database.
 */
class GuardedClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  readonly #nameOf: NameOfStatement;
  readonly #fullDisk: FullDisk;
  #broken: DatabaseUnavailable | undefined;
  #users = 0;
  #beginsWithNext = false;
  /** On its way, or there, for the transaction at hand. */
  #commit: Promise<PostgresQueryResult<never>> | undefined;
  #isGathering = false;

  constructor(client: PoolClient, nameOf: NameOfStatement, fullDisk: FullDisk) {
    this.#client = client;
    this.#nameOf = nameOf;
    this.#fullDisk = fullDisk;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new TypeError('cursors are not used');
    if (sql === 'commit') return this.#commitOnce();
    if (this.#commit === undefined) return this.#send<R>(sql, parameters);
    if (sql !== 'rollback') throw new TypeError('the transaction has ended with the statements before');
    return this.#commit.then(() => {
      throw new TypeError('the transaction has ended, and is stored: what fails after that comes too late');
    }, nothing);
  }

  /** One more who uses it, and releases it in the end. */
  used(): this {
    this.#users++;
    return this;
  }

  /** @param isUnsure whether nobody can tell what state it is in */
  release(isUnsure = false): void {
    this.#users--;
    this.#commit = undefined;
    if (this.#users === 0) this.#client.release(isUnsure || this.#broken !== undefined);
  }

  /** The last statements of a transaction may have sent it with them. */
  #commitOnce(): Promise<PostgresQueryResult<never>> {
    this.#commit ??= this.#send('commit', []);
    return this.#commit;
  }

  async #send<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    if (this.#broken !== undefined) throw this.#broken;
    if (sql === 'begin') {
      this.#beginsWithNext = true;
      return NOTHING;
    }
    const begins = this.#beginsWithNext;
    this.#beginsWithNext = false;
    if (begins && (sql === 'commit' || sql === 'rollback')) return NOTHING;
    try {
      this.#gather();
      const begun = begins ? this.#client.query('begin') : undefined;
      // Only what changes nothing may be on its way when the transaction might not have begun.
      if (begun !== undefined && !sql.startsWith('select ')) await begun;
      const name = this.#nameOf(sql, parameters);
      const statement = { text: sql, values: [...parameters], ...(name !== undefined && { name }) };
      const [{ command, rowCount, rows }] = await Promise.all([this.#client.query(statement), begun]);
      if (sql === 'commit' && command === 'ROLLBACK') throw new RolledBack();
      return { command: commandOf(command), rowCount: rowCount ?? 0, rows };
    } catch (cause) {
      if (cause instanceof RolledBack) throw cause;
      if (!isConnectionLost(cause)) throw this.#refusalOf(cause);
      this.#broken = new DatabaseUnavailable(cause);
      throw this.#broken;
    }
  }

  /** Until the end of the turn. */
  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const { stream } = this.#client.connection;
    stream.cork();
    setImmediate(() => {
      this.#isGathering = false;
      stream.uncork();
    });
  }

  /** The server is there, and may have no room, or too little of something else. */
  #refusalOf(cause: unknown): unknown {
    const code = cause instanceof DatabaseError ? (cause.code ?? '') : '';
    if (code === DISK_FULL) return this.#fullDisk.refused(cause);
    return code.startsWith(INSUFFICIENT_RESOURCES) ? new DatabaseUnavailable(cause) : cause;
  }
}

/** Of a statement that was not sent. */
const NOTHING = { command: 'SELECT' as const, rowCount: 0, rows: [] };
const nothing = () => NOTHING;

/** So the server answers to the end of a transaction in which a statement had failed: nothing of it is stored. */
class RolledBack extends Error {
  override readonly name = 'RolledBack';

  constructor() {
    super('the transaction was rolled back: a statement in it had failed');
  }
}

/** What the server says of a statement is its answer; everything else, and its farewell, is the end of a connection. */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true;
  const { code = '' } = error;
  return code === READ_ONLY || code.startsWith('08') || code.startsWith('57P');
}

const commands = ['UPDATE', 'DELETE', 'INSERT', 'SELECT', 'MERGE'] as const;

/** Kysely knows these; for the others it looks at the rows alone. */
function commandOf(text: string): (typeof commands)[number] {
  return commands.find((command) => command === text) ?? 'SELECT';
}

/** Times and counts fit into 53 bits, so int8 is read as a number and not as text. */
const parserOf: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format ?? 'text');
