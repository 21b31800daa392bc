import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useEffect, useState } from 'react';

const DARK = '(prefers-color-scheme: dark)';

const chosen = (): Mode | undefined => {
  const kept = localStorage.getItem('assay.mode');
  if (kept === 'dark') return Mode.Dark;
  return kept === 'light' ? Mode.Light : undefined;
};
const ofSystem = (): Mode => (matchMedia(DARK).matches ? Mode.Dark : Mode.Light);

/** Light or dark colours: as the system says, also when it changes, until somebody chooses. */
export function useMode(): [Mode, (mode: Mode) => void] {
  const [mode, setMode] = useState<Mode>(() => chosen() ?? ofSystem());
  useEffect(() => applyMode(mode), [mode]);
  useEffect(() => {
    const changed = (): void => setMode(chosen() ?? ofSystem());
    const system = matchMedia(DARK);
    system.addEventListener('change', changed);
    return () => system.removeEventListener('change', changed);
  }, []);
  return [
    mode,
    (next) => {
      localStorage.setItem('assay.mode', next === Mode.Dark ? 'dark' : 'light');
      setMode(next);
    },
  ];
}
