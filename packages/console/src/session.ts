import type { Key } from './sign-request.ts';

const ENTRY = 'assay.key';

/** The key of this tab's session: it is gone when the tab is closed and no other tab sees it. */
export function readKey(): Key | undefined {
  try {
    const value = JSON.parse(sessionStorage.getItem(ENTRY) ?? 'null') as Partial<Key> | null;
    const { accessKeyId, secretAccessKey, region } = value ?? {};
    return accessKeyId && secretAccessKey && region ? { accessKeyId, secretAccessKey, region } : undefined;
  } catch {
    return undefined;
  }
}

export const keepKey = (key: Key): void => sessionStorage.setItem(ENTRY, JSON.stringify(key));

export const forgetKey = (): void => sessionStorage.removeItem(ENTRY);
