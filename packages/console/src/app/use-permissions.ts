import { useEffect, useState } from 'react';
import type { CallAssay } from '../api.ts';
import { type Action, actions } from './actions.ts';

/**
 * Why a key may not do something, which is asked once `due`. Nothing is known until then, nor where the key may not even ask:
 * the server says it then.
 */
export function usePermissions(assay: CallAssay, due: boolean): (action: Action) => string | undefined {
  const [refused, setRefused] = useState<ReadonlyMap<string, string>>(new Map());
  const [wanted, setWanted] = useState(due);
  if (due && !wanted) setWanted(true);
  useEffect(() => {
    if (!wanted) return undefined;
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
  }, [assay, wanted]);
  return (action) => refused.get(action);
}
