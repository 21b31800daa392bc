/** Tells whoever runs a server of something that went wrong inside it: one line, and the stack below it. */
export function report(message: string, error?: unknown): void {
  const detail = error instanceof Error ? (error.stack ?? error.message) : error === undefined ? '' : String(error);
  process.stderr.write(`${new Date().toISOString()} ${message}${detail && ': '}${detail}\n`);
}
