import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';

/** A link within the console, or to a page elsewhere. */
export const PageLink = ({ href, children }: { readonly href: string; readonly children: ReactNode }): ReactNode => (
  <Link href={href} {...(href.startsWith('#') ? {} : { external: true, target: '_blank' })}>
    {children}
  </Link>
);
