import '@cloudscape-design/global-styles/dark-mode-utils.css';
import './style.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import { reloadWhenServed } from './app/reload-when-served.ts';
import { signInOnce } from './one-time-sign-in.ts';
import { keepKey, readKey } from './session.ts';

// Starts the console.
window.addEventListener('vite:preloadError', () => void reloadWhenServed());

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root');

let problem: string | undefined;
const once = await signInOnce({
  location,
  replaceAddress: (address) => history.replaceState(null, '', address),
  fetch: (...request) => fetch(...request),
}).catch((refused: Error) => {
  problem = refused.message;
  return undefined;
});
if (once) keepKey(once);

createRoot(root).render(<App signedIn={once ?? readKey()} problem={problem} />);
