import { useCallback, useEffect, useMemo, useRef, useState } from 'react';

/** What was asked for: `data` stays while it is asked for again. */
export interface Data<T> {
  readonly data: T | undefined;
  readonly fault: unknown;
  readonly loading: boolean;
  readonly reload: () => void;
}

interface Held<T> {
  readonly data: T | undefined;
  readonly fault: unknown;
  readonly loading: boolean;
}

/**
 * Asks when the page is shown and whenever `key` changes, and again every `refresh` milliseconds while it is given and the
 * page is looked at. An answer that comes after another was asked for is left aside.
 */
export function useData<T>(key: string, load: () => Promise<T>, refresh?: number): Data<T> {
  const [held, setHeld] = useState<Held<T>>({ data: undefined, fault: undefined, loading: true });
  const [round, setRound] = useState(0);
  const asked = useMemo(() => ({ key, round }), [key, round]);
  const loader = useRef(load);
  loader.current = load;
  const shown = useRef(key);

  useEffect(() => {
    let current = true;
    const another = shown.current !== asked.key;
    shown.current = asked.key;
    setHeld(({ data }) => ({ data: another ? undefined : data, fault: undefined, loading: true }));
    loader.current().then(
      (data) => current && setHeld({ data, fault: undefined, loading: false }),
      (fault: unknown) => current && setHeld(({ data }) => ({ data, fault, loading: false })),
    );
    return () => {
      current = false;
    };
  }, [asked]);

  const reload = useCallback(() => setRound((before) => before + 1), []);
  useEffect(() => {
    if (refresh === undefined) return undefined;
    const timer = setInterval(() => document.visibilityState === 'visible' && reload(), refresh);
    return () => clearInterval(timer);
  }, [refresh, reload]);
  return { ...held, reload };
}
