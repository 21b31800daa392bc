import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { ReactNode } from 'react';
import { useSession } from '../app/session-context.ts';
import { faultWords } from './fault-words.ts';

/** What went wrong, with the way on. Nothing where nothing did. */
export function FaultAlert({ fault, retry }: { readonly fault: unknown; readonly retry?: () => void }): ReactNode {
  const { signOut } = useSession();
  if (fault === undefined) return null;
  const { title, text, retryable, keyRefused } = faultWords(fault);
  const again = retryable && retry ? <Button onClick={retry}>Try again</Button> : undefined;
  return (
    <Alert type="error" header={title} action={keyRefused ? <Button onClick={signOut}>Sign in again</Button> : again}>
      {text}
    </Alert>
  );
}
