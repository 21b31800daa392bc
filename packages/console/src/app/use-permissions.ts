import { useEffect, useState } from 'react';
import type { CallAssay } from '../api.ts';
import { type Action, actions } from './actions.ts';

/** Why a key may not do something. Nothing is known where the key may not even ask: the server says it then. */
export function usePermissions(assay: CallAssay): (action: Action) => string | undefined {
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    let current = true;
    assay('SimulatePolicy', { actions: [...actions] }).then(
      (answer) => {
        if (!current) return;
        const denied = answer.actions.filter(({ allowed }) => !allowed);
        setRefused(new Map(denied.map(({ action, reason }) => [action, reason ?? 'Your key does not allow this.'])));
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [assay]);
  return (action) => refused.get(action);
}
