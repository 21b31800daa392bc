import { createContext, type ReactNode, useContext, useEffect } from 'react';
import type { Call, CallAssay } from '../api.ts';
import type { Key } from '../sign-request.ts';
import type { Action } from './actions.ts';

/** A message above the page. */
export interface Notice {
  readonly type: 'success' | 'error' | 'warning' | 'info';
  readonly header?: string;
  readonly content: string;
}

/** What stands in the panel beside or below a page. */
export interface Details {
  readonly title: string;
  readonly content: ReactNode;
}

/** What every page has of who is signed in. */
export interface Session {
  readonly key: Key;
  readonly call: Call;
  readonly assay: CallAssay;
  /** Why the key may not do something; undefined where it may, or where that is not known and the server will say. */
  readonly whyNot: (action: Action) => string | undefined;
  readonly notify: (notice: Notice) => void;
  /** Shows details of what was chosen; nothing closes them. */
  readonly showDetails: (details: Details | undefined) => void;
  /** Says what the item that the page shows is called; its id stands in the breadcrumbs until then. */
  readonly nameItem: (name: string) => void;
  readonly signOut: () => void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('This is used by pages of somebody who is signed in');
  return session;
}

/** Names the item that the page shows, once its name is known. */
export function useItemName(name: string | undefined): void {
  const { nameItem } = useSession();
  useEffect(() => {
    if (name !== undefined) nameItem(name);
  }, [name, nameItem]);
}
