import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestResult } from '@assay/agent/collect/scap-results/read-test-result.ts';
import type { EvidenceData, HostEvidence } from '@assay/model/evidence/kinds.ts';
import { addContent } from '../../packages/server/src/content/add-content.ts';
import {
  type ContentDirectory,
  contentDirectory,
  currentGeneration,
  makeContentDirectory,
} from '../../packages/server/src/content/content-directory.ts';
import { type OpenedContent, openContent } from '../../packages/server/src/content/open-content.ts';
import { afterEveryFile } from './cleanup.ts';

/** A content directory that is deleted after the test file. */
export function newContentDirectory(): ContentDirectory & { readonly dataDirectory: string } {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'assay-content-'));
  afterEveryFile.add(async () => rmSync(dataDirectory, { recursive: true, force: true }));
  const directory = contentDirectory(dataDirectory);
  makeContentDirectory(directory);
  return { ...directory, dataDirectory };
}

export const add = (directory: ContentDirectory, file: string, now = 1_700_000_000_000) =>
  addContent(directory, file, { source: file, now, onFile: () => undefined });

export const openCurrent = (directory: ContentDirectory): OpenedContent =>
  openContent(join(directory.generations, `${currentGeneration(directory)}.json`));

/** A host's evidence, of what oscap said there. */
export function scapEvidence(
  { id, versionId }: { readonly id: string; readonly versionId: string },
  content: EvidenceData<'scapResults'>['content'],
  profile: string,
  { results, values }: TestResult,
  unfinished: EvidenceData<'scapResults'>['unfinished'] = [],
): HostEvidence {
  const about = { schemaVersion: 1, collectedAt: 1, sources: [], limitations: [] };
  return {
    osRelease: {
      kind: 'osRelease',
      ...about,
      data: { id, versionId, idLike: [], hostname: 'host', architecture: 'x86_64' },
    },
    scapResults: {
      kind: 'scapResults',
      ...about,
      data: {
        content,
        profile,
        scanner: '1.3.7',
        results: results.map(({ messages, ...rest }) => (messages ? { ...rest, messages: [...messages] } : rest)),
        unfinished,
        values: [...values],
        passes: [{ seconds: 1, exitCode: 2 }],
      },
    },
  };
}
