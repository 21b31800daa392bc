import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { ApiFault, createCall } from '../api.ts';
import type { Key } from '../sign-request.ts';
import { faultWords } from '../ui/fault-words.ts';

interface SignInPageProps {
  /** Why somebody who followed a link is not signed in. */
  readonly problem: string | undefined;
  readonly signedIn: (key: Key) => void;
}

/** Asks for a key, tries it with one call, and hands it on. */
export function SignInPage({ problem, signedIn }: SignInPageProps): ReactNode {
  // Browsers have WebCrypto on https and on localhost only.
  const canSign = globalThis.isSecureContext;
  const [accessKeyId, setAccessKeyId] = useState('');
  const [secretAccessKey, setSecret] = useState('');
  const [region, setRegion] = useState('us-east-1');
  const [going, setGoing] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const regionFault = /^[a-z0-9-]{1,64}$/.test(region.trim())
    ? ''
    : 'A region has lower-case letters, digits and hyphens.';

  const submit = async (): Promise<void> => {
    const key = { accessKeyId: accessKeyId.trim(), secretAccessKey: secretAccessKey.trim(), region: region.trim() };
    if (!key.accessKeyId || !key.secretAccessKey || regionFault) {
      setFault(new Error('Fill in an access key, its secret and a region.'));
      return;
    }
    setGoing(true);
    setFault(undefined);
    try {
      await createCall(location.origin, key)('ListRulesPackages', { maxResults: 1 }).catch((refused: unknown) => {
        // The key is good; what it may do is another question.
        if (!(refused instanceof ApiFault) || refused.type !== 'AccessDeniedException') throw refused;
      });
      signedIn(key);
    } catch (failed) {
      setFault(failed);
      setGoing(false);
    }
  };
  const words = fault === undefined ? undefined : faultWords(fault);
  const isOwn = fault instanceof Error && !(fault instanceof ApiFault);
  return (
    <main className="sign-in">
      <SpaceBetween size="l">
        {problem === undefined ? null : <Alert type="warning">{problem}</Alert>}
        {canSign ? null : (
          <Alert type="error" header="This page cannot sign requests">
            It came over plain HTTP. Open it through HTTPS, or as localhost on the machine of the server.
          </Alert>
        )}
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Container
            header={
              <Header
                variant="h1"
                description="With an access key of this server. It stays in this tab, and is forgotten when you close the tab."
              >
                Sign in to Assay
              </Header>
            }
          >
            <Form
              actions={
                <Button variant="primary" formAction="submit" loading={going} disabled={!canSign}>
                  Sign in
                </Button>
              }
            >
              <SpaceBetween size="m">
                {words === undefined ? null : (
                  <Alert type="error" {...(isOwn ? {} : { header: words.title })}>
                    {words.text}
                  </Alert>
                )}
                <FormField label="Access key ID">
                  <Input
                    value={accessKeyId}
                    autoComplete="username"
                    spellcheck={false}
                    onChange={({ detail }) => setAccessKeyId(detail.value)}
                  />
                </FormField>
                <FormField label="Secret access key">
                  <Input
                    type="password"
                    value={secretAccessKey}
                    autoComplete="current-password"
                    onChange={({ detail }) => setSecret(detail.value)}
                  />
                </FormField>
                <FormField
                  label="Region"
                  description="Runs, targets and findings are kept by region."
                  errorText={regionFault}
                >
                  <Input value={region} spellcheck={false} onChange={({ detail }) => setRegion(detail.value)} />
                </FormField>
              </SpaceBetween>
            </Form>
          </Container>
        </form>
        <Box color="text-body-secondary">
          The server shows its first key once, at its first start. <code>assay keys create</code>, on the machine of the
          server, makes another.
        </Box>
      </SpaceBetween>
    </main>
  );
}
