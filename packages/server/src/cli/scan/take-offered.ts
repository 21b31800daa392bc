import { createInterface } from 'node:readline/promises';
import type { FeedsDirectory } from '../../feeds/feeds-directory.ts';
import { firstAdvisories } from '../feeds/first-advisories.ts';
import { feedProgress } from '../feeds/progress.ts';
import { thisSystem } from '../feeds/this-system.ts';
import { nextSteps } from '../terminal/next-step.ts';

/** Asks the person at the terminal whether to take the advisories of what a scan looks at, and takes them. */
export async function takeOffered(directory: FeedsDirectory, root: string | undefined): Promise<void> {
  const system = await thisSystem(root);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal
    .question(`There are no advisories yet. Take those of ${system} into ${directory.path}? [Y/n] `)
    .finally(() => terminal.close());
  if (!/^(?:y(?:es)?)?$/i.test(answer.trim())) return;
  const progress = feedProgress(process.stderr);
  const { outcome, line } = await firstAdvisories(directory, system, progress.show).finally(progress.clear);
  const said = outcome === 'taken' ? `Advisories: ${line}` : `Vulnerabilities are not checked: ${line}`;
  process.stdout.write(`${nextSteps(said)}\n`);
}
