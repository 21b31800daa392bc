import type { FeedOutcome } from '../imported-record.ts';
import { csafVexFile } from './csaf-vex.ts';
import { debianTrackerFile } from './debian-tracker.ts';
import { endsOfLifeFile } from './ends-of-life.ts';
import { epssFile } from './epss.ts';
import type { FeedKind } from './feed-kind.ts';
import { kevFile } from './kev.ts';
import { osvFile } from './osv-file.ts';
import { photonFile } from './photon.ts';
import { rockyErrataFile } from './rocky-errata.ts';
import { secdbFile } from './secdb.ts';
import { ubuntuVexFile } from './ubuntu-vex.ts';
import { updateinfoFile } from './updateinfo.ts';

const readers: Readonly<Record<FeedKind, (path: string) => AsyncGenerator<FeedOutcome>>> = {
  osv: osvFile,
  kev: kevFile,
  epss: epssFile,
  'ends-of-life': endsOfLifeFile,
  'debian-tracker': debianTrackerFile,
  secdb: secdbFile,
  updateinfo: updateinfoFile,
  photon: photonFile,
  'ubuntu-vex': ubuntuVexFile,
  'rocky-errata': rockyErrataFile,
  'csaf-vex': csafVexFile,
};

/** All that a feed's file gives, one by one. Throws FeedFault where the file as a whole cannot be believed. */
export const readFeed = (kind: FeedKind, path: string): AsyncGenerator<FeedOutcome> => readers[kind](path);
