const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Calls `stop` on the first SIGINT or SIGTERM, until the function that it returns is called. Any that follow change
 * nothing: shells and supervisors signal a whole process group, and a wrapper passes on what its child has had already.
 */
export function onStop(stop: (signal: (typeof SIGNALS)[number]) => void): () => void {
  let stopped = false;
  const listener = (signal: NodeJS.Signals): void => {
    if (stopped) return;
    stopped = true;
    stop(signal === 'SIGTERM' ? signal : 'SIGINT');
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
}
