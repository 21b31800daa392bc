import { createContext, useContext, useEffect } from 'react';

/** What a page is opened for comes first; what can wait is asked for when that is drawn. */
export interface FirstView {
  readonly drawn: boolean;
  /** Tells that the rows of the page are drawn. */
  readonly tell: () => void;
}

export const FirstViewContext = createContext<FirstView>({ drawn: true, tell: () => undefined });

/** Whether what the page is opened for is drawn. */
export const useDrawn = (): boolean => useContext(FirstViewContext).drawn;

/** Tells the page that what it is opened for is drawn, once it is. */
export function useTellDrawn(drawn: boolean): void {
  const { tell } = useContext(FirstViewContext);
  useEffect(() => {
    if (!drawn) return undefined;
    // After the frame that draws it.
    const frame = requestAnimationFrame(() => setTimeout(tell));
    return () => cancelAnimationFrame(frame);
  }, [drawn, tell]);
}
