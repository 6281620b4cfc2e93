/** The database did not answer, or the connection to it broke. Whether the work was done is not known. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
  }
}

/** The driver of PostgreSQL reports several addresses of one name as one error without a text of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}

/** The database has no room for a write. Nothing of its transaction is stored; what only reads goes on. */
export class DatabaseFull extends Error {
  override readonly name = 'DatabaseFull';

  constructor(cause: unknown) {
    super('the disk of the database is full', { cause });
  }
}
