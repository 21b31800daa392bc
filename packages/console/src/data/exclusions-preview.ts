import type { Output } from '@assay/model/api/operations.ts';
import type { Call } from '../api.ts';
import { after, readAll } from './pages.ts';

export type PreviewedExclusion = NonNullable<Output<'GetExclusionsPreview'>['exclusionPreviews']>[number];

const MANY = 1000;

interface PreviewOptions {
  /** Waits between two questions whether it is ready. */
  readonly wait: () => Promise<void>;
  readonly tries?: number;
}

/** What a run of a template would not assess if it started now: has it worked out, and waits until it is. */
export async function previewExclusions(
  call: Call,
  assessmentTemplateArn: string,
  { wait, tries = 120 }: PreviewOptions,
): Promise<{ readonly items: readonly PreviewedExclusion[]; readonly complete: boolean }> {
  const { previewToken } = await call('CreateExclusionsPreview', { assessmentTemplateArn });
  for (let left = tries; left > 0; left -= 1) {
    const { previewStatus } = await call('GetExclusionsPreview', {
      assessmentTemplateArn,
      previewToken,
      maxResults: 1,
    });
    if (previewStatus === 'COMPLETED') {
      return readAll(async (token) => {
        const found = await call('GetExclusionsPreview', {
          assessmentTemplateArn,
          previewToken,
          maxResults: 100,
          ...after(token),
        });
        return { items: found.exclusionPreviews ?? [], nextToken: found.nextToken };
      }, MANY);
    }
    await wait();
  }
  throw new Error('The preview took too long. Try again later.');
}
