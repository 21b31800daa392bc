/** Does something again and again, so long after the last time ended, until aborted; rests while the tab is hidden. */
export function every(milliseconds: number, signal: AbortSignal, act: () => Promise<void>): void {
  const next = (): void => {
    if (signal.aborted) return;
    const timer = setTimeout(async () => {
      if (document.visibilityState === 'visible') await act();
      next();
    }, milliseconds);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  };
  next();
}
