import type { ReactNode } from 'react';
import { PageLink } from './page-link.tsx';

/** Web addresses in a text of a finding: nothing but those of http and https becomes a link. */
const ADDRESS = /https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:]/g;

/** A text with its line breaks, and links where it has addresses. */
export function LinkedText({ text }: { readonly text: string }): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    parts.push(
      text.slice(from, index),
      <PageLink key={index} href={address}>
        {address}
      </PageLink>,
    );
    from = index + address.length;
  }
  return (
    <span className="text">
      {parts}
      {text.slice(from)}
    </span>
  );
}
