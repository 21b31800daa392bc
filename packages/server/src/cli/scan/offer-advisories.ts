import { createInterface } from 'node:readline/promises';
import { feedsDirectory } from '../../feeds/feeds-directory.ts';
import { dataDirectoryPath } from '../../runtime/data-directory.ts';
import { firstAdvisories, hasAdvisories } from '../feeds/first-advisories.ts';
import { feedProgress } from '../feeds/progress.ts';
import { thisSystem } from '../feeds/this-system.ts';
import { nextSteps } from '../terminal/next-step.ts';

/** Asks the person at the terminal whether to take advisories, where there are none; without one, nothing is asked. */
export async function offerAdvisories(dataDir: string | undefined, root: string | undefined): Promise<void> {
  const directory = feedsDirectory(dataDirectoryPath(dataDir));
  if (!process.stdin.isTTY || !process.stdout.isTTY || hasAdvisories(directory)) return;
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
