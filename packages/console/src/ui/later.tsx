import { type ReactNode, Suspense } from 'react';
import { useDrawn } from '../app/first-view.ts';

interface LaterProps {
  /** What stands there meanwhile, in the same place and size. */
  readonly until: ReactNode;
  readonly children: ReactNode;
}

/** Shows something when the rows of the page are drawn: neither its code nor its data holds them up. */
export const Later = ({ until, children }: LaterProps): ReactNode =>
  useDrawn() ? <Suspense fallback={until}>{children}</Suspense> : until;
