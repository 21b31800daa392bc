import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { ReactNode } from 'react';
import { useHeldKnowledge } from '../data/use-held-knowledge.ts';

/** Says once what the absence of KEV or EPSS means for a list of findings; nothing where both are held. */
export function KnowledgeNotice(): ReactNode {
  const { kev, epss } = useHeldKnowledge();
  const missing = [...(kev === false ? ['KEV'] : []), ...(epss === false ? ['EPSS'] : [])];
  if (missing.length === 0) return null;
  return (
    <Alert type="info" action={<Button href="#/feeds">Feeds</Button>}>
      {missing.join(' and ')} {missing.length === 1 ? 'is' : 'are'} not downloaded:{' '}
      {kev === false
        ? 'which of these vulnerabilities are known to be exploited'
        : 'how likely they are to be exploited'}{' '}
      is not known.
    </Alert>
  );
}
