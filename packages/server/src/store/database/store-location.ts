/** Where a store is: in a file that SQLite keeps, or in a PostgreSQL database. */
export type StoreLocation = { readonly file: string } | { readonly url: string };
