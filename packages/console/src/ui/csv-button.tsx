import Button from '@cloudscape-design/components/button';
import { type ReactNode, useState } from 'react';
import { useSession } from '../app/session-context.ts';
import { download } from './download.ts';
import { faultWords } from './fault-words.ts';

interface CsvButtonProps {
  /** `findings.csv` */
  readonly file: string;
  /** What is counted while it is written: `findings`. */
  readonly of: string;
  readonly lines: (progress: (count: number) => void) => AsyncIterable<string>;
}

/** Downloads all that matches as CSV, and counts meanwhile. */
export function CsvButton({ file, of, lines }: CsvButtonProps): ReactNode {
  const { notify } = useSession();
  const [written, setWritten] = useState<number>();
  const write = async (): Promise<void> => {
    setWritten(0);
    try {
      await download(file, 'text/csv', lines(setWritten));
    } catch (fault) {
      const { title, text } = faultWords(fault);
      notify({ type: 'error', header: title, content: text });
    } finally {
      setWritten(undefined);
    }
  };
  return (
    <Button
      iconName="download"
      loading={written !== undefined}
      loadingText={`${written?.toLocaleString('en')} ${of}`}
      onClick={() => void write()}
    >
      CSV
    </Button>
  );
}
