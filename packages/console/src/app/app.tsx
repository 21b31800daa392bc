import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { type ReactNode, useCallback, useState } from 'react';
import { forgetKey, keepKey } from '../session.ts';
import type { Key } from '../sign-request.ts';
import { Shell } from './shell.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { useMode } from './use-mode.ts';

interface AppProps {
  /** Who is signed in already. */
  readonly signedIn: Key | undefined;
  readonly problem: string | undefined;
}

/** The console: of somebody who is signed in, or a form to sign in with. */
export function App({ signedIn, problem }: AppProps): ReactNode {
  const [key, setKey] = useState(signedIn);
  const [mode, setMode] = useMode();
  const signOut = useCallback(() => {
    forgetKey();
    setKey(undefined);
  }, []);
  const signIn = (next: Key): void => {
    keepKey(next);
    setKey(next);
  };
  return (
    <I18nProvider locale="en" messages={[messages]}>
      {key ? (
        <Shell session={key} mode={mode} setMode={setMode} signOut={signOut} />
      ) : (
        <SignInPage problem={problem} signedIn={signIn} />
      )}
    </I18nProvider>
  );
}
