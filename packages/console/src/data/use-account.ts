import type { CallAssay } from '../api.ts';
import { useSession } from '../app/session-context.ts';
import { useData } from '../app/use-data.ts';

const asked = new WeakMap<CallAssay, Promise<string>>();

/** The account of the key that is signed in, which ARNs are made with; undefined until it is known. Asked for once in a tab. */
export function useAccount(): { readonly account: string | undefined; readonly fault: unknown; reload: () => void } {
  const { assay, key } = useSession();
  const entry = `assay.account.${key.accessKeyId}`;
  const kept = sessionStorage.getItem(entry) ?? undefined;
  const { data, fault, reload } = useData(`account ${kept ?? ''}`, () => {
    if (kept !== undefined) return Promise.resolve(kept);
    const known = asked.get(assay) ?? assay('GetServerStatus', {}).then(({ account }) => account);
    asked.set(assay, known);
    known.then(
      (account) => sessionStorage.setItem(entry, account),
      () => asked.delete(assay),
    );
    return known;
  });
  return { account: data ?? kept, fault, reload };
}
