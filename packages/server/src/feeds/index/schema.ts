/** The number changes with the tables, so that an index of another version is never misread. */
export const INDEX_VERSION = '8';

/** A score of 1, as it is stored: an integer of four bytes has all digits of a score, and half the size of a number with a fraction. */
export const SCORE_OF_ONE = 1e9;

/** An index of advisories, written once and then only read. */
export const INDEX_TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE ecosystem (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, feed TEXT NOT NULL, updated_at INTEGER NOT NULL,
    digest TEXT NOT NULL, cve_records INTEGER NOT NULL, advisories INTEGER NOT NULL, repositories TEXT NOT NULL,
    unreadable TEXT NOT NULL);
  CREATE TABLE package (ecosystem INTEGER NOT NULL, name TEXT NOT NULL, part INTEGER NOT NULL, entries BLOB NOT NULL,
    PRIMARY KEY (ecosystem, name, part)) WITHOUT ROWID;
  CREATE TABLE records (first TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE advisories (cve INTEGER PRIMARY KEY, ids BLOB NOT NULL);
  CREATE TABLE gap (ecosystem TEXT PRIMARY KEY, gaps BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE support (release TEXT NOT NULL, feed TEXT NOT NULL, said TEXT NOT NULL,
    PRIMARY KEY (release, feed)) WITHOUT ROWID;
  CREATE TABLE fact (cve INTEGER PRIMARY KEY, exploited TEXT, score INTEGER, percentile INTEGER);
`;

/** What is gathered before it is put in order. */
export const STAGING_TABLES = `
  CREATE TABLE staging.record (id TEXT NOT NULL, modified TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE staging.entry (ecosystem TEXT NOT NULL, package TEXT NOT NULL, record TEXT NOT NULL,
    modified TEXT NOT NULL, body TEXT NOT NULL);
  CREATE TABLE staging.withdrawn (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE staging.link (cve INTEGER NOT NULL, record TEXT NOT NULL, ecosystem TEXT NOT NULL);
  CREATE TABLE staging.disposition (ecosystem TEXT NOT NULL, package TEXT NOT NULL, record TEXT NOT NULL,
    statement TEXT NOT NULL, PRIMARY KEY (ecosystem, package, record)) WITHOUT ROWID;
`;
